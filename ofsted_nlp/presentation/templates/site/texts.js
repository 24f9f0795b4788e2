// The sentences, in packed files of which only those needed are loaded; a cluster's page is filled with its own.
"use strict";
(function () {
  var root = document.currentScript.getAttribute("src").replace("assets/texts.js", ""), known = {}, waiting = {};

  function unpacked(data) {
    var bytes = Uint8Array.from(atob(data), function (letter) { return letter.charCodeAt(0); });
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
  }

  ofstedNlp.texts = function (number, data) { known[number] = unpacked(data); };

  function file(number) {
    if (!waiting[number]) waiting[number] = new Promise(function (done) {
      ofstedNlp.load(root + "data/texts/" + number + ".js",
        function () { Promise.resolve(known[number]).then(done, function () { done(null); }); }, function () { done(null); });
    });
    return waiting[number];
  }

  // Calls done with a function that gives the row [text, page] of a sentence's number, or nothing where it is not there.
  ofstedNlp.sentences = function (numbers, chunk, done) {
    var files = Array.from(new Set(numbers.map(function (n) { return Math.floor(n / chunk); })));
    Promise.all(files.map(file)).then(function (found) {
      done(function (n) {
        var rows = found[files.indexOf(Math.floor(n / chunk))];
        return rows && rows[n % chunk];
      });
    });
  };

  function fill(place, row) {
    var link = place.querySelector("a"), list = ofstedNlp.make("ul"), day = place.querySelector("time");
    place.dataset.n.split(" ").forEach(function (n) {
      var found = row(Number(n));
      if (!found) return;
      var item = ofstedNlp.make("li", found[0] + " "), where = ofstedNlp.make("span", "(", { "class": "quiet" });
      var page = "page\u00a0" + found[1];
      where.appendChild(link ? ofstedNlp.make("a", page, { href: link.getAttribute("href").replace(/#.*/, "#page=" + found[1]) })
        : document.createTextNode(page));
      where.appendChild(document.createTextNode(")"));
      item.appendChild(where);
      list.appendChild(item);
    });
    if (list.children.length < place.dataset.n.split(" ").length) return;
    place.textContent = "";
    place.appendChild(day);
    place.appendChild(list);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var where = document.getElementById("members"), places = document.querySelectorAll("[data-n]");
    if (!where || !places.length) return;
    var numbers = Array.prototype.map.call(places, function (place) { return place.dataset.n; }).join(" ").split(" ").map(Number);
    ofstedNlp.sentences(numbers, Number(where.dataset.chunk), function (row) {
      places.forEach(function (place) { fill(place, row); });
      where.dataset.filled = "yes";
    });
  });
})();
