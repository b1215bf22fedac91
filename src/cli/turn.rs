//! One run at a time: whoever writes into `build` has its turn until it ends; another one says so and leaves, or waits.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};

use serde::{Deserialize, Serialize};

use super::{Context, Result};
use crate::diagnostic::Diagnostic;
use crate::project::{make_folder, unwritable};

/// The turn; it ends when this is dropped, and when the program is killed.
#[derive(Debug)]
pub(super) struct Turn(#[allow(dead_code, reason = "held, not read")] File);

/// Who has the turn, as the lock file says.
#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    process: u32,
    command: String,
    since: String,
}

/// The turn, or why it cannot be had now.
pub(super) fn take(
    context: &Context,
    command: &str,
    wait: bool,
) -> Result<std::result::Result<Turn, Diagnostic>> {
    let path = context.project.path("build/.lock");
    make_folder(&context.project.path("build"))?;
    let failed = |error: &std::io::Error| unwritable(&path, error);
    let opened = File::options().create(true).truncate(false).read(true).write(true).open(&path);
    let mut file = opened.map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => (),
        Err(TryLockError::WouldBlock) if wait => file.lock().map_err(|error| failed(&error))?,
        Err(TryLockError::WouldBlock) => return Ok(Err(busy(&mut file))),
        Err(TryLockError::Error(error)) => return Err(failed(&error).into()),
    }
    let holder =
        Holder { process: std::process::id(), command: command.to_owned(), since: context.now_text() };
    write_holder(&mut file, &holder).map_err(|error| failed(&error))?;
    Ok(Ok(Turn(file)))
}

fn write_holder(file: &mut File, holder: &Holder) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    let text = serde_json::to_string(holder).expect("a struct of texts and numbers is JSON");
    file.write_all(text.as_bytes())
}

/// Names the other one where it has written down who it is; it may not have come to that.
fn busy(file: &mut File) -> Diagnostic {
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    let holder = read.ok().and_then(|_| serde_json::from_str::<Holder>(&text).ok());
    let who = holder.map_or(String::new(), |holder| {
        format!(": `chiso {}`, process {}, since {} UTC", holder.command, holder.process, holder.since)
    });
    Diagnostic::error(format!("another run works in this project{who}"))
        .in_file("build/.lock")
        .hint("nothing was done; try again when it has ended, or give `--wait`")
}
