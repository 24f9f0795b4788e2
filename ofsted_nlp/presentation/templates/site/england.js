// Any day's grades and maps, worked out from the inspections embedded in the page.
"use strict";
(function () {
  var make = ofstedNlp.make, day = ofstedNlp.day;
  var ORDER = { o: 1, g: 2, a: 3, r: 3, i: 4 };
  var data, counts;

  function until(list, when) {
    return when ? list.filter(function (item) { return item[0] <= when; }) : list;
  }

  function existed(authority, when) {
    var on = when || data.last || "9999";
    return !(authority.to && on >= authority.to) && !(authority.from && on < authority.from);
  }

  function standing(authority, when) {
    var found = until(authority.graded, when);
    var overall = found.filter(function (item) { return item[2]; });
    return {
      newest: found[found.length - 1],
      overall: overall[overall.length - 1],
      before: overall.length > 1 ? overall[overall.length - 2][2] : "",
    };
  }

  function fill(cell, code, note) {
    cell.textContent = "";
    cell.dataset.sort = ORDER[code] || 9;
    if (!code) {
      cell.appendChild(make("span", "–", { "class": "quiet" }));
      return;
    }
    var grade = data.grades[code];
    var chip = make("span", null, { "class": "chip t-" + grade[0], "aria-hidden": "true" });
    chip.appendChild(make("b", code === "a" ? "A" : grade[1]));
    cell.appendChild(chip);
    cell.appendChild(document.createTextNode("\u00a0" + (code === "a" ? "Adequate" : grade[2])));
    if (note) cell.appendChild(make("span", note, { "class": "low" }));
  }

  function row(line, authority, when) {
    var is = existed(authority, when);
    line.hidden = !is;
    if (is) delete line.dataset.out;
    else line.dataset.out = "";
    var now = standing(authority, when);
    var cell = line.cells[2];
    cell.textContent = "";
    cell.dataset.sort = now.newest ? now.newest[0] : "";
    if (now.newest) {
      cell.appendChild(document.createTextNode(day(now.newest[0])));
      cell.appendChild(make("span", now.newest[1].toUpperCase(), { "class": "low" }));
    } else cell.appendChild(make("span", "no graded report", { "class": "quiet" }));
    data.strands.forEach(function (_, number) {
      var code = now.newest ? now.newest[2 + number] : "";
      var note = "";
      if (!number && now.overall && now.overall !== now.newest) {
        code = now.overall[2];
        note = "of " + day(now.overall[0]);
      }
      fill(line.cells[3 + number], code, note);
    });
    fill(line.cells[3 + data.strands.length], now.before);
    line.dataset.overall = now.overall ? data.grades[now.overall[2]][3] : "none";
    return is && now.overall ? now.overall[2] : "";
  }

  function summary(found) {
    var total = found.length;
    var good = found.filter(function (code) { return code === "g" || code === "o"; }).length;
    var said = document.getElementById("summary");
    said.textContent = "";
    if (total) {
      said.appendChild(make("strong", Math.round(100 * good / total) + "%"));
      said.appendChild(document.createTextNode(
        " good or outstanding: " + good + " of " + total + " authorities with an overall grade."));
    } else said.textContent = "No authority had an overall grade then.";
    document.querySelectorAll("#bars li").forEach(function (item) {
      var n = found.filter(function (code) { return data.grades[code][3] === item.dataset.grade; }).length;
      item.hidden = !n;
      item.querySelector(".stripe").style.width = total ? 60 * n / total + "%" : "0";
      item.querySelector(".many").textContent = n;
    });
  }

  function square(tile, authority, state) {
    var name = authority.name + ": " + state[2];
    tile.className = "tile t-" + state[0];
    tile.title = name;
    tile.querySelector("b").textContent = state[1];
    tile.querySelector(".sr").textContent = name;
  }

  function balance(urn, theme, when) {
    var found = until(counts[urn] || [], when);
    var flat = found.length ? found[found.length - 1][1] : [];
    for (var i = 0; i < flat.length; i += 3) {
      if (flat[i] !== theme) continue;
      var concerns = flat[i + 1], strengths = flat[i + 2];
      return data.balances[!concerns ? 0 : !strengths ? 3 : strengths > concerns ? 1 : 2];
    }
    return data.balances[4];
  }

  function map(theme, when) {
    var states = theme === "" ? ["o", "g", "r", "i"].map(function (code) { return data.grades[code]; }) : data.balances;
    if (theme === "") states = states.concat([["n", "–", "No grade"]]);
    document.querySelectorAll(".map .tile").forEach(function (tile) {
      var urn = tile.dataset.urn, authority = data.authorities[urn];
      if (!authority) return;
      tile.parentNode.hidden = !existed(authority, when);
      var overall = standing(authority, when).overall;
      var state = theme !== "" ? balance(urn, Number(theme), when)
        : overall && overall[2] !== "a" ? data.grades[overall[2]] : ["n", "–", "No grade"];
      square(tile, authority, state);
    });
    var list = document.querySelector("#legend ul");
    list.textContent = "";
    states.forEach(function (state) {
      var item = make("li"), chip = make("span", null, { "class": "chip t-" + state[0], "aria-hidden": "true" });
      chip.appendChild(make("b", state[1]));
      item.appendChild(chip);
      item.appendChild(document.createTextNode(" "));
      item.appendChild(make("span", state[2]));
      list.appendChild(item);
    });
    document.getElementById("mapshows").textContent = theme === "" ? "Shown is the overall grade."
      : "Shown is what the latest full report says on: " + data.themes[Number(theme)][1] + ".";
  }

  function show(form) {
    var when = form.elements.day.value, theme = form.elements.map.value;
    var table = document.getElementById("authorities"), found = [];
    Array.prototype.forEach.call(table.tBodies[0].rows, function (line) {
      var code = row(line, data.authorities[line.dataset.urn], when);
      if (code) found.push(code);
    });
    summary(found);
    if (theme === "" || counts) map(theme, when);
    ofstedNlp.again(table);
    table.dispatchEvent(new Event("changed"));
  }

  ofstedNlp.themes = function (given) { counts = given; };

  document.addEventListener("DOMContentLoaded", function () {
    data = JSON.parse(document.getElementById("data").textContent);
    var form = document.getElementById("asof");
    form.hidden = false;
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("change", function () {
      if (form.elements.map.value !== "" && !counts) {
        ofstedNlp.load("data/themes.js", function () { show(form); }, function () {
          document.getElementById("mapshows").textContent = "The counts by theme (data/themes.js) could not be loaded.";
        });
      } else show(form);
    });
    if (form.elements.day.value || form.elements.map.value) form.dispatchEvent(new Event("change"));
  });
})();
