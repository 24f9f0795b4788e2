// Looks words up in the index, of which it loads only the files that it needs. Text is only ever set as text.
"use strict";
(function () {
  var make = ofstedNlp.make, plain = ofstedNlp.plain, BASE = "data/search/", SHOWN = 20;
  var KINDS = { c: ["concern", "Concern"], s: ["strength", "Strength"], m: ["", "Both"], r: ["", "Recommendation"] };
  var index, pages, words = {}, asked = 0;
  var DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  var form, said, list, more;

  ofstedNlp.index = function (given) { index = given; };
  ofstedNlp.pages = function (given) {
    pages = given.map(function (row) {
      return { kind: row[0], title: row[1], page: row[2], name: " " + plain(row[1]), words: " " + plain(row[1] + " " + row[3]) };
    });
  };
  ofstedNlp.words = function (start, given) { words[start] = given; };

  function stem(word) {
    if (word.length > 4 && word.slice(-3) === "ies") return word.slice(0, -3) + "y";
    return word.length > 3 && word.slice(-1) === "s" && word.slice(-2) !== "ss" ? word.slice(0, -1) : word;
  }

  function all(addresses, done) {
    var left = addresses.length;
    if (!left) { done(); return; }
    var one = function () { if (!--left) done(); };
    addresses.forEach(function (address) { ofstedNlp.load(BASE + address, one, one); });
  }

  function numbers(steps) {
    var at = -1, step = 0, found = [];
    for (var i = 0; i < steps.length; i++) {
      var digit = DIGITS.indexOf(steps[i]);
      step = 32 * step + (digit & 31);
      if (digit < 32) { found.push(at += step + 1); step = 0; }
    }
    return found;
  }

  // The findings that hold a word, with a weight: the rarer the word the more, and less if they only begin with it.
  function holding(word) {
    var group = words[word.slice(0, 2)] || {}, found = new Map(), of = index.findings;
    Object.keys(group).forEach(function (known) {
      if (known !== word && !(word.length > 3 && known.indexOf(word) === 0)) return;
      var where = numbers(group[known]), weight = Math.log(1 + of / where.length) * (known === word ? 1 : 0.6);
      where.forEach(function (n) { if ((found.get(n) || 0) < weight) found.set(n, weight); });
    });
    return found;
  }

  function reportNumber(n) {
    var number = 0;
    for (var i = 0; i < index.width; i++) number = 64 * number + DIGITS.indexOf(index.of[index.width * n + i]);
    return number;
  }

  function reportOf(n) { return index.reports[reportNumber(n)]; }

  // Side and theme of a finding.
  function facet(n) {
    var low = 0, high = index.runs.length - 1;
    while (low < high) {
      var middle = (low + high + 1) >> 1;
      if (index.runs[middle][0] <= n) low = middle; else high = middle - 1;
    }
    return index.runs[low][1];
  }

  function value(name) { return form.elements[name] ? form.elements[name].value : ""; }

  function fits(n) {
    var side = value("side"), theme = value("theme"), authority = value("authority");
    return (!side || facet(n)[0] === side) && (!theme || facet(n)[1] === theme) &&
      (!authority || reportOf(n)[1] === authority);
  }

  function best(asking) {
    var scores = new Map();
    asking.forEach(function (word) {
      holding(word).forEach(function (weight, n) {
        var before = scores.get(n) || [0, 0];
        scores.set(n, [before[0] + 1, before[1] + weight]);
      });
    });
    var found = Array.from(scores).filter(function (item) { return fits(item[0]); });
    var whole = found.filter(function (item) { return item[1][0] === asking.length; });
    var kept = whole.length ? whole : found;
    kept.forEach(function (item) { item.push(reportNumber(item[0])); });
    kept.sort(function (a, b) { return b[1][0] - a[1][0] || b[1][1] - a[1][1] || a[2] - b[2] || a[0] - b[0]; });
    return { found: kept.map(function (item) { return item[0]; }), whole: whole.length > 0 };
  }

  function marked(text, asking) {
    var out = document.createDocumentFragment();
    text.split(/([A-Za-z0-9À-ÿ'’]+)/).forEach(function (piece, place) {
      var key = stem(plain(piece));
      var hit = place % 2 && asking.some(function (word) { return key === word || (word.length > 3 && key.indexOf(word) === 0); });
      out.appendChild(hit ? make("mark", piece) : document.createTextNode(piece));
    });
    return out;
  }

  function shown(n, row, asking) {
    if (!row) return make("li", "This finding could not be loaded.");
    var report = reportOf(n), item = make("li"), kind = KINDS[facet(n)[0]], where = make("span", null, { "class": "quiet" });
    item.appendChild(make("span", kind[1], { "class": "kind " + kind[0] }));
    item.appendChild(document.createTextNode(" "));
    item.appendChild(marked(row[0], asking));
    where.appendChild(document.createTextNode(" ("));
    where.appendChild(report[1] ? make("a", report[0], { href: report[1] }) : document.createTextNode(report[0]));
    where.appendChild(document.createTextNode(", " + report[3] + ", " + ofstedNlp.day(report[2]) + ", "));
    var name = "page " + row[1];
    where.appendChild(report[4] ? make("a", name, { href: report[4] + "#page=" + row[1] }) : document.createTextNode(name));
    where.appendChild(document.createTextNode(")"));
    item.appendChild(where);
    return item;
  }

  function show(found, from, asking, mine) {
    var part = found.slice(from, from + SHOWN);
    ofstedNlp.sentences(part, index.chunk, function (row) {
      if (mine !== asked) return;
      part.forEach(function (n, place) {
        var item = shown(n, row(n), asking);
        list.appendChild(item);
        if (from && !place) { var link = item.querySelector("a"); if (link) link.focus(); }
      });
      more.hidden = from + SHOWN >= found.length;
      more.onclick = function () { show(found, from + SHOWN, asking, mine); };
    });
  }

  function pagesFor(asking) {
    var found = pages.filter(function (page) {
      return asking.every(function (word) { return page.words.indexOf(" " + word) >= 0; });
    });
    var first = function (page) { return asking.every(function (word) { return page.name.indexOf(" " + word) >= 0; }) ? 0 : 1; };
    var order = ["Authority", "Theme"];
    var rank = function (page) { var at = order.indexOf(page.kind); return at < 0 ? 2 : at; };
    found.sort(function (a, b) { return first(a) - first(b) || rank(a) - rank(b); });
    var section = document.getElementById("pagesfound"), items = section.querySelector("ul");
    items.textContent = "";
    found.slice(0, value("q") && index.findings ? 10 : 40).forEach(function (page) {
      var item = make("li");
      item.appendChild(make("span", page.kind, { "class": "kind" }));
      item.appendChild(document.createTextNode(" "));
      item.appendChild(make("a", page.title, { href: page.page }));
      items.appendChild(item);
    });
    section.hidden = !found.length;
    return found.length;
  }

  function search() {
    var mine = ++asked, given = plain(value("q")).split(" ").filter(function (w) { return w.length > 1; });
    var section = document.getElementById("textsfound");
    list.textContent = "";
    more.hidden = section.hidden = true;
    document.getElementById("pagesfound").hidden = true;
    if (!given.length) { said.textContent = "Type a word of at least two letters."; return; }
    said.textContent = "Searching …";
    var asking = given.map(stem), common = asking.filter(function (word) { return index.common.indexOf(word) >= 0; });
    var telling = asking.filter(function (word) { return common.indexOf(word) < 0; });
    var n = pagesFor(given);
    var sentence = ofstedNlp.count(n, "page");
    if (!index.findings) { said.textContent = "Found: " + sentence + "."; return; }
    var files = {};
    telling.forEach(function (word) {
      var start = word.slice(0, 2);
      if (!words[start] && index.files.indexOf(start) >= 0) files["words/" + start + ".js"] = true;
    });
    all(Object.keys(files), function () {
      if (mine !== asked) return;
      var made = telling.length ? best(telling) : { found: [], whole: true };
      sentence += " and " + ofstedNlp.count(made.found.length, "finding") + ".";
      if (!made.whole && made.found.length) sentence += " No finding holds all of the words; these hold some.";
      if (common.length) sentence += " Left out, as too many findings hold it: " + common.join(", ") + ".";
      said.textContent = "Found: " + sentence;
      section.hidden = !made.found.length;
      show(made.found, 0, telling, mine);
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    form = document.getElementById("search");
    said = document.getElementById("said");
    list = document.querySelector("#textsfound ol");
    more = document.querySelector("#textsfound .more");
    form.hidden = false;
    all(["index.js", "pages.js"], function () {
      if (!index || !pages) { said.textContent = "The index (data/search) could not be loaded."; return; }
      form.addEventListener("submit", function (event) { event.preventDefault(); search(); });
      form.addEventListener("change", function (event) { if (event.target.name !== "q" && value("q")) search(); });
      form.dataset.ready = "yes";
      var asking = new URLSearchParams(location.search).get("q");
      if (asking) { form.elements.q.value = asking; search(); }
    });
  });
})();
