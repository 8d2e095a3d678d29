"use strict";
// Long tables that can be sorted, searched and narrowed, and cases that fold away. Without this, everything is shown.

// "zoe" finds "Zoë": without accents, without capitals.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const inOrder = new Intl.Collator(undefined, { numeric: true }).compare; // student-2 before student-10

function button(cell, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(...cell.childNodes);
  made.addEventListener("click", action);
  cell.append(made);
  return made;
}

// A number is sorted as a number; what has none comes last, whatever the direction.
function key(cell, isNumber) {
  const text = cell ? (cell.dataset.value ?? cell.textContent.trim()) : "";
  if (!isNumber) return text;
  const number = parseFloat(text.replace("\u2212", "-")); // a real minus
  return Number.isNaN(number) ? null : number;
}

function sort(table, header, tell) {
  const up = header.getAttribute("aria-sort") !== "ascending";
  const isNumber = header.classList.contains("number");
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => [key(row.cells[header.cellIndex], isNumber), row]);
  keyed.sort(([one], [other]) => {
    if (one === null || other === null) return (one === null) - (other === null);
    return (up ? 1 : -1) * (isNumber ? one - other : inOrder(one, other));
  });
  const sorted = document.createDocumentFragment();
  for (const [, row] of keyed) sorted.append(row);
  body.append(sorted);
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", up ? "ascending" : "descending");
  tell(`sorted by ${header.textContent.trim()}, ${up ? "ascending" : "descending"}`);
}

function narrowing(section) {
  const table = section.querySelector("table.rows");
  const controls = section.querySelector(".controls");
  const [search, select, output] = ["input", "select", "output"].map((name) => controls.querySelector(name));
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    name: folded(row.cells[0].textContent),
    marks: new Set((row.dataset.marks ?? "").split(" ")),
  }));

  function tell(more) {
    const many = rows.filter(({ row }) => !row.hidden).length;
    const of = many < rows.length ? ` of ${rows.length.toLocaleString("en")}` : "";
    const students = rows.length === 1 ? "student" : "students";
    output.textContent = `${many.toLocaleString("en")}${of} ${students}${more ? `, ${more}` : ""}`;
  }

  function apply() {
    const wanted = folded(search.value.trim());
    for (const { row, name, marks } of rows) {
      row.hidden = !(name.includes(wanted) && (!select.value || marks.has(select.value)));
    }
    tell("");
  }

  for (const header of table.tHead.rows[0].cells) {
    if (header.classList.contains("unsorted")) continue;
    header.classList.add("sorts");
    button(header, () => sort(table, header, tell));
  }
  search.addEventListener("input", apply);
  select.addEventListener("change", apply);
  for (const link of document.querySelectorAll(`a[href="#${section.querySelector("h2").id}"][data-filter]`)) {
    link.addEventListener("click", () => {
      search.value = "";
      select.value = link.dataset.filter;
      apply();
    });
  }
  controls.hidden = false;
  if (search.value || select.value) apply(); // a page that was loaded again keeps what was typed
}

function folding(body) {
  const [first, ...rest] = body.rows;
  if (!rest.length) return;
  const folder = button(first.cells[0], () => fold(folder.getAttribute("aria-expanded") === "true"));
  function fold(away) {
    folder.setAttribute("aria-expanded", String(!away));
    for (const row of rest) row.hidden = away;
  }
  fold(true);
}

for (const section of document.querySelectorAll(".narrow")) {
  if (section.querySelector("table.rows")) narrowing(section);
}
for (const body of document.querySelectorAll("tbody.foldable")) folding(body);
