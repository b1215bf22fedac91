/* What an index would be. Repeats the engine of the program for the rules that the page holds, so that its numbers are those
   of `chiso egdi whatif`; a test compares them. The page is complete without it. */
(function () {
  "use strict";
  const form = document.getElementById("whatif");
  const data = JSON.parse(document.getElementById("whatif-data").textContent);
  const rules = data.rules;
  const bodies = data.names.length;
  const lang = document.documentElement.lang;

  /* Half away from zero, as the program rounds. */
  function round(value) {
    return Math.sign(value) * Math.round(Math.abs(value));
  }

  function rounded(value, decimals) {
    const scale = Math.pow(10, decimals);
    const scaled = value * scale;
    return round(scaled + Math.sign(scaled) * Math.abs(scaled) * 4 * Number.EPSILON) / scale;
  }

  function sum(values) {
    return values.reduce((total, value) => total + value, 0);
  }

  /* A rule applied to the values that are there; where it gives none, nobody has one. */
  function overPresent(column, rule) {
    const present = column.filter((value) => value !== null);
    const made = rule(present);
    let next = 0;
    return column.map((value) => (value === null || made === null ? null : made[next++]));
  }

  function minMax(values) {
    const least = Math.min(...values), greatest = Math.max(...values);
    return greatest > least ? values.map((value) => (value - least) / (greatest - least)) : null;
  }

  function zScore(values) {
    const mean = sum(values) / values.length;
    const sd = Math.sqrt(sum(values.map((value) => (value - mean) * (value - mean))) / values.length);
    return Math.max(...values) > Math.min(...values) ? values.map((value) => (value - mean) / sd) : null;
  }

  function goalposts(values, part) {
    const low = part.goalposts[0], high = part.goalposts[1];
    const share = (value) => Math.min(1, Math.max(0, (value - low) / (high - low)));
    return values.map((value) => (part.lower ? 1 - share(value) : share(value)));
  }

  function normalise(how, values, part) {
    if (how === "goalposts") return goalposts(values, part);
    const turned = part.lower ? values.map((value) => -value) : values;
    if (how === "z-score") return zScore(turned);
    if (how === "min-max") return minMax(turned);
    return turned;
  }

  function standIn(how, present) {
    if (how === "none" || present.length === 0) return null;
    if (how === "mean") return sum(present) / present.length;
    if (how === "minimum") return Math.min(...present);
    const sorted = present.slice().sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  function aggregate(how, values, weights) {
    const total = sum(weights);
    if (how === "sum") return sum(values.map((value, n) => value * weights[n]));
    if (how === "arithmetic") return sum(values.map((value, n) => value * (weights[n] / total)));
    if (values.some((value) => value < 0)) return null;
    return values.reduce((product, value, n) => product * Math.pow(value, weights[n] / total), 1);
  }

  /* Every part of every body: what the rules give, and what the part above takes. */
  function score(given) {
    const scored = {};
    part(data.top, null, 0);
    return scored;

    function part(name, above, weight) {
      const rule = rules[name];
      const own = given[name] || new Array(bodies).fill(null);
      const isMade = rule.parts.length > 0;
      const column = { isGiven: isMade && own.some((value) => value !== null) };
      column.value = isMade ? made(rule) : own.map((value) =>
        value === null || rule.cap === null ? value : Math.min(value, rule.cap));
      if (rule.decimals !== null) {
        column.value = column.value.map((value) => (value === null ? null : rounded(value, rule.decimals)));
      }
      if (above !== null && weight > 0 && !column.isGiven) {
        const instead = standIn(rules[above].impute, column.value.filter((value) => value !== null));
        /* What is made of parts is missing for another reason than that nobody sent it. */
        if (!isMade) column.value = column.value.map((value) => (value === null ? instead : value));
      }
      column.handed = column.isGiven ? own : column.value;
      scored[name] = column;
      return column;
    }

    function made(rule) {
      const weights = rule.parts.map((below) => below[1]);
      const columns = rule.parts.map((below) => {
        const column = part(below[0], ruleName(rule), below[1]);
        return overPresent(column.handed, (values) => normalise(rule.normalise, values, rules[below[0]]));
      });
      const whole = [];
      for (let body = 0; body < bodies; body++) {
        const values = columns.map((column) => column[body]);
        whole.push(values.includes(null) ? null : aggregate(rule.aggregate, values, weights));
      }
      return rule.rescale === "min-max" ? overPresent(whole, minMax) : whole;
    }
  }

  function ruleName(rule) {
    return Object.keys(rules).find((name) => rules[name] === rule);
  }

  function above(name) {
    return Object.keys(rules).find((other) => rules[other].parts.some((below) => below[0] === name));
  }

  function inUse(name) {
    return rules[name].parts.flatMap((below) => inUse(below[0])).concat(name);
  }

  function put(given, name, body, value) {
    given[name] = (given[name] || new Array(bodies).fill(null)).slice();
    given[name][body] = value;
  }

  const parts = inUse(data.top);
  const now = score(data.given);

  /* What would be given with some parts set. A published part moves by as much as what the rules give for it moves. */
  function changed(settings) {
    const given = Object.assign({}, data.given);
    const moved = [];
    for (const name of parts) {
      const isMade = rules[name].parts.length > 0;
      if (name in settings) {
        if (isMade && !now[name].isGiven) given[name] = now[name].handed;
        put(given, name, data.body, settings[name]);
        continue;
      }
      if (!rules[name].parts.some((below) => moved.includes(below[0]) || below[0] in settings)) continue;
      if (now[name].isGiven && name !== data.top) {
        const then = score(given)[name].value[data.body];
        let value = now[name].handed[data.body] + (then - now[name].value[data.body]);
        if (rules[name].least !== null) value = Math.max(value, rules[name].least);
        if (rules[name].most !== null) value = Math.min(value, rules[name].most);
        put(given, name, data.body, value);
      }
      moved.push(name);
    }
    return given;
  }

  function keys(scored) {
    const scale = Math.pow(10, data.ranking.decimals) * (rules[data.top].lower ? -1 : 1);
    return scored[data.top].value.map((value) => (value === null ? -Infinity : round(value * scale)));
  }

  function place(all) {
    const own = all[data.body];
    const others = all.filter((key, body) => body !== data.body && key > -Infinity);
    if (data.ranking.ties === "modified") return others.filter((key) => key >= own).length + 1;
    const better = others.filter((key) => key > own);
    return (data.ranking.ties === "dense" ? new Set(better).size : better.length) + 1;
  }

  function classOf(value) {
    const scale = Math.pow(10, data.ranking.decimals);
    const compared = round(value * scale) / scale;
    const found = data.classes.find((one) => (one.open ? compared > one.from : compared >= one.from));
    return found ? found.name : "–";
  }

  function whatIf(settings) {
    const then = score(changed(settings));
    const before = keys(now), after = keys(then);
    const order = data.names.map((_, body) => body).filter((body) => body !== data.body);
    order.sort((a, b) => after[b] - after[a] || a - b);
    const ahead = (all, body) => all[body] > all[data.body];
    return {
      scored: then,
      score: then[data.top].value[data.body],
      rank: place(after),
      ranked: after.filter((key) => key > -Infinity).length,
      passed: order.filter((body) => ahead(before, body) && !ahead(after, body)),
      passedBy: order.filter((body) => !ahead(before, body) && ahead(after, body)),
    };
  }

  /* From here on: the form. */
  const written = (value, decimals) =>
    new Intl.NumberFormat(lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
  const fill = (text, gaps) => text.replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);
  const knobs = Array.from(form.querySelectorAll(".knob"), (element) => ({
    element: element,
    part: element.dataset.part,
    number: element.querySelector("input[type=number]"),
    range: element.querySelector("input[type=range]"),
    wrong: element.querySelector("[data-wrong]"),
  }));
  let settings = {};

  function isLine(a, b) {
    for (let part = above(a); part; part = above(part)) if (part === b) return true;
    for (let part = above(b); part; part = above(part)) if (part === a) return true;
    return false;
  }

  /* A part and what it is made of cannot both be set: the later one holds. */
  function set(knob, text) {
    const value = text === "" ? NaN : Number(text);
    const rule = rules[knob.part];
    const isSame = text === knob.number.dataset.now;
    const fits = isSame || (Number.isFinite(value) && !(value < rule.least && rule.least !== null)
      && !(rule.most !== null && value > rule.most));
    knob.wrong.textContent = fits ? "" : fill(knob.wrong.dataset.wrong, {
      least: rule.least === null ? "−∞" : rule.least, most: rule.most === null ? "∞" : rule.most });
    knob.number.setAttribute("aria-invalid", String(!fits));
    if (!fits) return;
    delete settings[knob.part];
    if (!isSame) {
      for (const other of Object.keys(settings)) if (isLine(knob.part, other)) delete settings[other];
      settings[knob.part] = value;
    }
    show(knob);
  }

  function names(id, word, list) {
    const shown = list.map((body) => data.names[body]).join(", ");
    document.getElementById(id).textContent = list.length === 0 ? "" : fill(word, { n: list.length, names: shown });
  }

  function output(id, text, value) {
    const element = document.getElementById(id);
    element.textContent = text;
    element.dataset.v = value;
  }

  function show(from) {
    const found = whatIf(settings);
    for (const knob of knobs) {
      const isSet = knob.part in settings;
      const isMade = rules[knob.part].parts.length > 0;
      const value = isSet ? settings[knob.part]
        : isMade ? found.scored[knob.part].handed[data.body] : knob.number.dataset.now;
      if (knob !== from) {
        knob.number.value = isMade && !isSet && value !== Number(knob.number.dataset.now) ? Number(value).toFixed(data.decimals) : value;
        knob.wrong.textContent = "";
        knob.number.removeAttribute("aria-invalid");
      }
      if (value !== "") knob.range.value = value;
      const shown = isSet || isMade ? (isMade ? written(value, data.decimals) : String(value)) : "";
      knob.range.setAttribute("aria-valuetext", shown || String(value));
      knob.element.classList.toggle("set", isSet);
    }
    output("then-score", found.score === null ? "–" : written(found.score, data.decimals), found.score);
    output("then-rank", fill(data.words.made_of, { n: found.rank, of: found.ranked }), found.rank);
    output("then-class", found.score === null ? "–" : classOf(found.score), "");
    names("then-passed", data.words.plan_passed, found.passed);
    names("then-passed-by", data.words.plan_passed_by, found.passedBy);
    form.dataset.passed = found.passed.length;
    form.dataset.passedBy = found.passedBy.length;
  }

  for (const knob of knobs) {
    knob.number.addEventListener("input", () => set(knob, knob.number.value));
    knob.range.addEventListener("input", function () {
      const decimals = rules[knob.part].most === 1 ? 4 : 2;
      knob.number.value = Number(Number(knob.range.value).toFixed(decimals));
      set(knob, knob.number.value);
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", function (event) {
    event.preventDefault();
    settings = {};
    show(null);
  });
  form.hidden = false;
  show(null);
})();
