"use strict";
// The page is whole without this. It makes its tables sortable, opens the comments of an agent below his row, and searches.

const make = (name, properties = {}, ...children) => {
  const { attributes = {}, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
};
const button = (className, ...children) => make("button", { type: "button", className }, ...children);
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const grouped = (number) => number.toLocaleString("en-US");

// A row with the one below it that holds the comments.
const entries = (body) =>
  [...body.rows]
    .filter((row) => !row.classList.contains("said"))
    .map((row) => {
      const below = row.nextElementSibling;
      return { row, said: below?.classList.contains("said") ? below : null, isOpen: false };
    });

const byColumn = (column, isDescending) => (left, right) => {
  const [one, other] = [left.row, right.row];
  // What has no name or no value comes last, whichever way.
  const nameless = Number(one.hasAttribute("data-last")) - Number(other.hasAttribute("data-last"));
  if (nameless) return nameless;
  const values = [one, other].map((row) => row.cells[column].dataset.v);
  const missing = Number(values[0] === undefined) - Number(values[1] === undefined);
  if (column > 0 && missing) return missing;
  const texts = [one, other].map((row) => row.cells[column].textContent.trim());
  const order = missing || values[0] === undefined ? names.compare(...texts) : values[0] - values[1];
  return isDescending ? -order : order;
};

const openers = (table, all, show) => {
  all
    .filter((entry) => entry.said)
    .forEach((entry) => {
      const details = entry.said.querySelector("details");
      const [summary, ...comments] = details.children;
      const panel = make("div", { className: "panel" }, make("p", {}, ...summary.childNodes), ...comments);
      details.replaceWith(panel);
      const name = entry.row.cells[0].querySelector("bdi");
      const opener = button("opener");
      name.replaceWith(opener);
      opener.append(name);
      opener.setAttribute("aria-controls", entry.said.id);
      const mark = () => opener.setAttribute("aria-expanded", String(entry.isOpen));
      opener.addEventListener("click", () => {
        entry.isOpen = !entry.isOpen;
        mark();
        show();
      });
      mark();
    });
};

const sortable = (section) => {
  const table = section.querySelector("table");
  const [body] = table.tBodies;
  const [head] = table.tHead.rows;
  const fold = section.querySelector("details.more");
  const first = entries(body).length;
  let isFolded = Boolean(fold);
  if (fold) body.append(...fold.querySelector("tbody").rows);
  let all = entries(body);
  const show = () => {
    body.append(...all.flatMap(({ row, said }) => (said ? [row, said] : [row])));
    all.forEach(({ row, said, isOpen }, index) => {
      row.hidden = isFolded && index >= first;
      if (said) said.hidden = row.hidden || !isOpen;
    });
  };
  if (fold) {
    const more = button("more", `Show ${fold.querySelector("summary").textContent}`);
    const fewer = "Show fewer";
    const texts = { true: more.textContent, false: fewer };
    more.setAttribute("aria-expanded", "false");
    more.addEventListener("click", () => {
      isFolded = !isFolded;
      more.setAttribute("aria-expanded", String(!isFolded));
      more.textContent = texts[isFolded];
      show();
    });
    fold.replaceWith(more);
  }
  openers(table, all, show);
  [...head.cells].forEach((cell, column) => {
    const isName = column === 0;
    if (!isName && !all.some(({ row }) => row.cells[column].dataset.v !== undefined)) return;
    const sorter = button("sorter", ...cell.childNodes);
    cell.append(sorter);
    sorter.addEventListener("click", () => {
      const now = cell.getAttribute("aria-sort");
      const isDescending = now ? now === "ascending" : !isName;
      for (const other of head.cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
      all = all.toSorted(byColumn(column, isDescending));
      show();
    });
  });
  table.caption.append("; the buttons of its head sort it");
  show();
};

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const MOST_SHOWN = 200;

const search = (section) => {
  const place = section.querySelector(".search");
  const latest = section.querySelector(".latest");
  const found = make("div", { className: "found", hidden: true });
  const status = make("output", {});
  const words = make("input", { type: "search", id: "words", autocomplete: "off" });
  const score = make("select", { id: "score" });
  for (const name of ["all", "good", "neutral", "bad"]) score.append(make("option", { value: name }, name));
  let comments = null;
  const read = () => {
    const known = new Map();
    for (const article of document.querySelectorAll("article.comment")) {
      if (!known.has(article.dataset.id)) {
        known.set(article.dataset.id, {
          article,
          text: plain(article.textContent),
          time: article.querySelector("time")?.dateTime ?? "",
        });
      }
    }
    return [...known.values()].sort((one, other) => (one.time < other.time ? 1 : one.time > other.time ? -1 : 0));
  };
  const look = () => {
    comments ??= read();
    const sought = plain(words.value).split(/\s+/u).filter(Boolean);
    const isAsked = sought.length > 0 || score.value !== "all";
    const matches = comments.filter(
      ({ article, text }) =>
        (score.value === "all" || article.classList.contains(score.value)) && sought.every((word) => text.includes(word)),
    );
    found.replaceChildren(...(isAsked ? matches.slice(0, MOST_SHOWN).map(({ article }) => article.cloneNode(true)) : []));
    found.hidden = !isAsked;
    latest.hidden = isAsked;
    const cut = matches.length > MOST_SHOWN ? `, the latest ${MOST_SHOWN} shown` : "";
    status.textContent = isAsked ? `${grouped(matches.length)} of ${grouped(comments.length)} comments${cut}` : "";
  };
  words.addEventListener("input", look);
  score.addEventListener("change", look);
  place.append(
    make("label", { htmlFor: "words" }, "Search in comments"),
    words,
    make("label", { htmlFor: "score" }, "Score"),
    score,
    status,
  );
  place.hidden = false;
  place.after(found);
};

document.querySelectorAll("section.sortable").forEach(sortable);
document.querySelectorAll("section.comments").forEach(search);
