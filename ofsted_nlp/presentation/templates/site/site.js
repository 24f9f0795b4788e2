// Tables that can be sorted and filtered. Pages are whole without it. Text is only ever set as text.
"use strict";
var ofstedNlp = {};

ofstedNlp.make = function (name, text, attributes) {
  var made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
  return made;
};

ofstedNlp.count = function (number, one, many) { return number + " " + (number === 1 ? one : many || one + "s"); };

ofstedNlp.plain = function (text) {
  return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f'’]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
};

ofstedNlp.day = function (iso) {
  return iso && new Date(iso + "T00:00:00Z").toLocaleDateString("en-GB",
    { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
};

ofstedNlp.load = function (address, done, failed) {
  var script = ofstedNlp.make("script", null, { src: address });
  script.onload = done;
  script.onerror = failed || function () {};
  document.head.appendChild(script);
};

ofstedNlp.key = function (row, column) {
  var cell = row.cells[column];
  if (!cell) return "";
  var value = cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
  return value !== "" && !isNaN(value) ? Number(value) : value.toLowerCase();
};

ofstedNlp.compare = function (a, b) {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en");
};

ofstedNlp.sort = function (table, column, descending) {
  var body = table.tBodies[0];
  var rows = Array.prototype.map.call(body.rows, function (row, place) {
    return { row: row, key: ofstedNlp.key(row, column), place: place };
  });
  rows.sort(function (a, b) {
    if (a.key === "" || b.key === "") return ofstedNlp.compare(a.key, b.key) || a.place - b.place;
    return (descending ? -1 : 1) * ofstedNlp.compare(a.key, b.key) || a.place - b.place;
  });
  rows.forEach(function (item) { body.appendChild(item.row); });
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, number) {
    if (number === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  table.dataset.sorted = column + (descending ? "-" : "+");
};

ofstedNlp.again = function (table) {
  var sorted = table.dataset.sorted;
  if (sorted) ofstedNlp.sort(table, parseInt(sorted, 10), sorted.slice(-1) === "-");
};

ofstedNlp.sortable = function (table) {
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    var button = ofstedNlp.make("button", head.textContent, { type: "button", "class": "sort" });
    button.addEventListener("click", function () {
      ofstedNlp.sort(table, column, head.getAttribute("aria-sort") === "ascending");
    });
    head.dataset.title = head.textContent;
    head.textContent = "";
    head.appendChild(button);
  });
};

ofstedNlp.filter = function (form, table) {
  var words = ofstedNlp.plain(form.elements.words.value).split(" ").filter(Boolean);
  var shown = 0, all = 0;
  Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
    var fits = !("out" in row.dataset);
    all += fits;
    if (fits && words.length) {
      var text = " " + ofstedNlp.plain(row.cells[0].textContent + " " + (row.cells[1] ? row.cells[1].textContent : ""));
      fits = words.every(function (word) { return text.indexOf(" " + word) >= 0; });
    }
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.tagName === "SELECT" && field.value && row.dataset[field.name] !== field.value) fits = false;
    });
    row.hidden = !fits;
    shown += fits;
  });
  form.querySelector("[role=status]").textContent = "Shown: " + shown + " of " + all + ".";
};

ofstedNlp.start = function () {
  document.querySelectorAll("table.sortable").forEach(function (table) {
    ofstedNlp.sortable(table);
    var section = table.closest("section");
    var form = section && section.querySelector("form.filters");
    if (!form) return;
    form.hidden = false;
    var now = function () { ofstedNlp.filter(form, table); };
    form.addEventListener("input", now);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("reset", function () { setTimeout(now, 0); });
    table.addEventListener("changed", now);
    now();
  });
};

document.addEventListener("DOMContentLoaded", ofstedNlp.start);
