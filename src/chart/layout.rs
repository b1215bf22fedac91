//! Where labels go so that they do not lie on each other; all in pixels, nothing is drawn here.

/// A rectangle that is taken, or that a label would like to take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slot {
    pub(crate) x0: f64,
    pub(crate) y0: f64,
    pub(crate) x1: f64,
    pub(crate) y1: f64,
    /// How bad it is to lie on it: text on text cannot be read, text on a line can.
    pub(crate) weight: f64,
}

/// Half the height of a label.
const H: f64 = 7.0;
/// Weight of a label.
const TEXT: f64 = 8.0;

impl Slot {
    /// A mark around a point.
    pub(crate) fn mark((x, y): (f64, f64), r: f64) -> Slot {
        Slot { x0: x - r, y0: y - r, x1: x + r, y1: y + r, weight: 1.0 }
    }

    /// Ground around a point that is as good as lettered: another label there would be taken for its own.
    pub(crate) fn halo(point: (f64, f64), r: f64) -> Slot {
        Slot { weight: TEXT, ..Slot::mark(point, r) }
    }

    /// A label of width `w` around a point.
    pub(crate) fn label((x, y): (f64, f64), w: f64) -> Slot {
        Slot { x0: x - w / 2.0, y0: y - H, x1: x + w / 2.0, y1: y + H, weight: TEXT }
    }

    /// The middle.
    pub(crate) fn centre(&self) -> (f64, f64) {
        ((self.x0 + self.x1) / 2.0, (self.y0 + self.y1) / 2.0)
    }

    fn shared(&self, other: &Slot) -> f64 {
        let w = self.x1.min(other.x1) - self.x0.max(other.x0);
        let h = self.y1.min(other.y1) - self.y0.max(other.y0);
        w.max(0.0) * h.max(0.0)
    }

    fn area(&self) -> f64 {
        (self.x1 - self.x0).max(0.0) * (self.y1 - self.y0).max(0.0)
    }

    /// How much of it lies on taken ground or outside the room.
    fn cost(&self, taken: &[Slot], room: &Slot) -> f64 {
        let outside = self.area() - self.shared(room);
        outside * 10.0 + taken.iter().map(|t| self.shared(t) * t.weight).sum::<f64>()
    }
}

/// Places of a label of width `w` around a point, best first: above, below, the sides, the corners, further off.
pub(crate) fn places((x, y): (f64, f64), w: f64, gap: f64) -> Vec<Slot> {
    let (dy, side) = (gap + H, w / 2.0 + gap);
    let centres = [
        (x, y - dy),
        (x, y + dy),
        (x + side, y),
        (x - side, y),
        (x + side - gap, y - dy),
        (x - side + gap, y - dy),
        (x + side - gap, y + dy),
        (x - side + gap, y + dy),
        (x, y - dy - 2.0 * H),
        (x, y + dy + 2.0 * H),
        (x - side + gap, y - dy - 2.0 * H),
        (x - side + gap, y + dy + 2.0 * H),
    ];
    centres.map(|c| Slot::label(c, w)).to_vec()
}

/// The place that costs least, and its cost; zero means it is free.
pub(crate) fn cheapest(places: &[Slot], taken: &[Slot], room: &Slot) -> Option<(Slot, f64)> {
    let costed = places.iter().map(|p| (*p, p.cost(taken, room)));
    costed.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// A place for each label out of its own list, so that they lie on each other and on taken ground as little as possible.
///
/// Each takes its cheapest place in turn, and later places of a list are worse; who comes first decides much, so for few
/// labels every order is tried.
pub(crate) fn placed(lists: &[Vec<Slot>], taken: &[Slot], room: &Slot) -> Vec<Slot> {
    let one_by_one = |order: &[usize]| {
        let (mut taken, mut chosen, mut sum) = (taken.to_vec(), vec![], 0.0);
        for &label in order {
            let costed = lists[label]
                .iter()
                .zip(0..)
                .map(|(place, n)| (*place, place.cost(&taken, room) + LATER * f64::from(n)));
            if let Some((place, cost)) = costed.min_by(|a, b| a.1.total_cmp(&b.1)) {
                taken.push(place);
                chosen.push((label, place));
                sum += cost;
            }
        }
        (sum, chosen)
    };
    let all = orders(lists.len()).into_iter().map(|order| one_by_one(&order));
    let Some((_, mut chosen)) = all.min_by(|a, b| a.0.total_cmp(&b.0)) else { return vec![] };
    chosen.sort_by_key(|(label, _)| *label);
    chosen.into_iter().map(|(_, place)| place).collect()
}

/// What the next place of a list costs more.
const LATER: f64 = 1.0;
/// Orders of more than this are too many to try.
const MOST_ORDERED: usize = 5;

/// Every order of the numbers below `n`; of many only the one that they have.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n > MOST_ORDERED {
        return vec![(0..n).collect()];
    }
    let longer = |shorter: Vec<Vec<usize>>, last: usize| {
        let inserted = |order: Vec<usize>| {
            (0..=last).rev().map(move |at| {
                let mut order = order.clone();
                order.insert(at, last);
                order
            })
        };
        shorter.into_iter().flat_map(inserted).collect()
    };
    (0..n).fold(vec![vec![]], longer)
}

/// Small boxes along a line, so that labels keep off it.
pub(crate) fn along(from: (f64, f64), to: (f64, f64), taken: &mut Vec<Slot>) {
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let n = (length / 5.0).ceil().clamp(1.0, 400.0);
    for i in 0..=n as usize {
        let t = i as f64 / n;
        let at = (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
        taken.push(Slot::mark(at, 2.5));
    }
}

/// Moves heights apart to `gap` or more, staying in order and, if there is room, within `lo..hi`.
///
/// Labels that touch form a block, and a block lies around the mean of the wishes in it.
pub(crate) fn spread(wishes: &[f64], gap: f64, (lo, hi): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|a, b| wishes[*a].total_cmp(&wishes[*b]));
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for &i in &order {
        let mut block = (keep(wishes[i], 0.0, (lo, hi)), 1);
        while let Some(&(start, n)) = blocks.last() {
            if start + n as f64 * gap <= block.0 {
                break;
            }
            blocks.pop();
            block = merged((start, n), block, gap, (lo, hi));
        }
        blocks.push(block);
    }
    let placed = blocks.iter().flat_map(|&(start, n)| (0..n).map(move |k| start + k as f64 * gap));
    let mut heights = vec![0.0; wishes.len()];
    order.iter().zip(placed).for_each(|(&i, y)| heights[i] = y);
    heights
}

/// Two blocks as one: the middle is the mean of their middles, weighed by size.
fn merged(a: (f64, usize), b: (f64, usize), gap: f64, room: (f64, f64)) -> (f64, usize) {
    let middle = |(start, n): (f64, usize)| start + (n - 1) as f64 * gap / 2.0;
    let n = a.1 + b.1;
    let mean = (middle(a) * a.1 as f64 + middle(b) * b.1 as f64) / n as f64;
    let length = (n - 1) as f64 * gap;
    (keep(mean - length / 2.0, length, room), n)
}

/// The start of something `length` long, moved into the room; the beginning wins if the room is short.
fn keep(start: f64, length: f64, (lo, hi): (f64, f64)) -> f64 {
    start.min(hi - length).max(lo)
}

/// A label over an upright line: its left end, and the row it stands in, counted up from the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flag {
    pub(crate) left: f64,
    pub(crate) row: usize,
}

/// Most rows of flags; more than that many lines in one place cannot be told apart anyway.
const ROWS: usize = 6;

/// How far the end of a label stays from another line, for there may be a mark on it.
const CLEAR: f64 = 9.0;

/// Gives each line (x, width of its label) a flag beside the line, so that no line cuts another's label.
///
/// A flag points right, or left where the right edge is near; one that reaches over a line stands above that line's flag.
pub(crate) fn flags(lines: &[(f64, f64)], (lo, hi): (f64, f64)) -> Vec<Flag> {
    let lefts = flag_lefts(lines, lo, hi);
    let mut rows = vec![0usize; lines.len()];
    for _ in 0..lines.len().min(ROWS) {
        for i in 0..lines.len() {
            let over = (0..lines.len()).map(|j| row_over(i, j, lines, &lefts, &rows)).max();
            rows[i] = rows[i].max(over.unwrap_or(0)).min(ROWS - 1);
        }
    }
    let flag = |(left, row)| Flag { left, row };
    lefts.into_iter().zip(rows).map(flag).collect()
}

/// Left ends of the labels, decided from the rightmost line on.
///
/// Two flags that point at each other over both lines could not be stacked, so the left one turns as well.
fn flag_lefts(lines: &[(f64, f64)], lo: f64, hi: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|a, b| lines[*b].0.total_cmp(&lines[*a].0));
    let mut lefts = vec![0.0; lines.len()];
    for (n, &i) in order.iter().enumerate() {
        let (x, w) = lines[i];
        let faces = |&j: &usize| {
            points_left(lines[j].0, lefts[j]) && lines[j].0 < x + 4.0 + w + CLEAR && lefts[j] - CLEAR < x
        };
        let turned = x + 4.0 + w > hi || order[..n].iter().any(faces);
        lefts[i] = if turned { (x - 4.0 - w).max(lo) } else { x + 4.0 };
    }
    lefts
}

/// Whether a label with this left end stands before its line.
fn points_left(x: f64, left: f64) -> bool {
    left <= x
}

/// The least row flag `i` must have because of flag `j`.
fn row_over(i: usize, j: usize, lines: &[(f64, f64)], lefts: &[f64], rows: &[usize]) -> usize {
    let right = |k: usize| lefts[k] + lines[k].1;
    let (from, to) = if points_left(lines[i].0, lefts[i]) { (CLEAR, 2.0) } else { (2.0, CLEAR) };
    let over_line = lefts[i] - from < lines[j].0 && lines[j].0 < right(i) + to;
    let meets = lefts[i] < right(j) + 6.0 && lefts[j] < right(i) + 6.0;
    let yields = over_line && rows[j] >= rows[i] || meets && rows[i] == rows[j] && i < j;
    if i != j && yields { rows[j] + 1 } else { 0 }
}

/// How many rows the flags need.
pub(crate) fn flag_rows(flags: &[Flag]) -> usize {
    flags.iter().map(|f| f.row + 1).max().unwrap_or(0)
}

/// Flows items of the given widths into lines of `room`; gives left end and line of each.
pub(crate) fn flow(widths: &[f64], gap: f64, room: f64) -> Vec<(f64, usize)> {
    let (mut x, mut line) = (0.0, 0);
    let place = |&w: &f64| {
        if x > 0.0 && x + w > room {
            (x, line) = (0.0, line + 1);
        }
        let at = (x, line);
        x += w + gap;
        at
    };
    widths.iter().map(place).collect()
}

/// Which of the labels (centre, width), given in order, can stand in one line; the last one always does.
pub(crate) fn thinned(labels: &[(f64, f64)], gap: f64) -> Vec<bool> {
    let mut free = f64::INFINITY;
    let mut kept = vec![false; labels.len()];
    for (i, &(x, w)) in labels.iter().enumerate().rev() {
        if x + w / 2.0 <= free {
            kept[i] = true;
            free = x - w / 2.0 - gap;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{CLEAR, Slot, cheapest, flag_rows, flags, flow, orders, placed, places, spread, thinned};

    #[test]
    fn labels_are_spread_and_stay_in_order() {
        let check = |wishes: &[f64], expected: &[f64]| {
            assert_eq!(spread(wishes, 10.0, (0.0, 100.0)), expected, "{wishes:?}")
        };
        check(&[], &[]);
        check(&[50.0], &[50.0]);
        check(&[20.0, 60.0], &[20.0, 60.0]);
        check(&[50.0, 50.0], &[45.0, 55.0]);
        check(&[52.0, 48.0, 50.0], &[60.0, 40.0, 50.0]);
        check(&[-20.0, 0.0], &[0.0, 10.0]);
        check(&[99.0, 100.0, 140.0], &[80.0, 90.0, 100.0]);
    }

    #[test]
    fn too_many_labels_still_keep_their_distance() {
        let heights = spread(&[5.0; 20], 10.0, (0.0, 50.0));
        assert!(heights.windows(2).all(|w| w[1] - w[0] >= 10.0 - 1e-9), "{heights:?}");
    }

    #[test]
    fn flags_do_not_lie_on_each_other_or_on_lines() {
        let apart = flags(&[(10.0, 50.0), (100.0, 50.0)], (0.0, 300.0));
        assert_eq!(flag_rows(&apart), 1);
        let near = flags(&[(10.0, 50.0), (40.0, 50.0)], (0.0, 300.0));
        assert_eq!((near[0].row, near[1].row), (1, 0));
        let edge = flags(&[(290.0, 50.0)], (0.0, 300.0));
        assert_eq!(edge[0].left, 236.0);
        let in_one_place = flags(&[(100.0, 50.0), (100.0, 50.0)], (0.0, 300.0));
        assert_eq!(
            in_one_place.iter().map(|flag| (flag.left, flag.row)).collect::<Vec<_>>(),
            [(104.0, 1), (104.0, 0)]
        );
        let crowd = flags(&[(50.0, 80.0); 40], (0.0, 300.0));
        assert!(flag_rows(&crowd) <= 6);
    }

    #[test]
    fn no_line_of_a_flag_cuts_another_flag() {
        let check = |lines: &[(f64, f64)]| {
            let flags = flags(lines, (0.0, 300.0));
            for (i, a) in flags.iter().enumerate() {
                for (j, b) in flags.iter().enumerate() {
                    let ahead = |from: f64, to: f64| {
                        a.left - from < lines[j].0 && lines[j].0 < a.left + lines[i].1 + to
                    };
                    let cuts = if a.left > lines[i].0 { ahead(0.0, CLEAR) } else { ahead(CLEAR, 0.0) };
                    assert!(i == j || !cuts || b.row < a.row, "{lines:?}: {flags:?}");
                }
            }
        };
        check(&[(200.0, 80.0), (240.0, 80.0), (290.0, 80.0)]);
        check(&[(290.0, 80.0), (100.0, 80.0), (150.0, 80.0), (200.0, 80.0)]);
        check(&[(10.0, 60.0), (20.0, 60.0), (30.0, 60.0)]);
        check(&[(280.0, 60.0), (285.0, 60.0), (290.0, 60.0)]);
        check(&[(100.0, 120.0), (180.0, 120.0)]);
        // The label ends just before the other line.
        check(&[(100.0, 70.0), (180.0, 70.0)]);
        check(&[(220.0, 70.0), (298.0, 70.0)]);
    }

    #[test]
    fn of_few_labels_every_order_is_tried() {
        assert_eq!(orders(0), [[0; 0]]);
        let mut three = orders(3);
        assert_eq!(three[0], [0, 1, 2]);
        three.sort();
        assert_eq!(three, [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]);
        // The first could go anywhere, the second only where the first would like to be.
        let room = Slot { x0: 0.0, y0: 0.0, x1: 100.0, y1: 100.0, weight: 0.0 };
        let [left, right] = [20.0, 80.0].map(|x| Slot::label((x, 50.0), 30.0));
        assert_eq!(placed(&[vec![left, right], vec![left]], &[], &room), [right, left]);
        assert_eq!(placed(&[vec![left, right]], &[], &room), [left]);
    }

    #[test]
    fn a_label_takes_the_free_place() {
        let room = Slot::mark((50.0, 50.0), 50.0);
        let all = places((50.0, 50.0), 20.0, 5.0);
        let (above, cost) = cheapest(&all, &[], &room).expect("a place");
        assert_eq!((above.centre(), cost), ((50.0, 38.0), 0.0));
        let (below, _) = cheapest(&all, &[above], &room).expect("a place");
        assert_eq!(below.centre(), (50.0, 62.0));
    }

    #[test]
    fn legends_flow_and_ticks_thin() {
        assert_eq!(flow(&[40.0, 40.0, 40.0], 10.0, 100.0), [(0.0, 0), (50.0, 0), (0.0, 1)]);
        assert_eq!(thinned(&[(0.0, 20.0), (15.0, 20.0), (30.0, 20.0)], 4.0), [true, false, true]);
    }
}
