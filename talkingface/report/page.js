// Sorts a table by the column whose title is pressed; without this the tables are read as they are.
"use strict";
for (const table of document.querySelectorAll("table.sorts")) {
  const titles = [...table.tHead.rows[0].cells];
  titles.forEach((title, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...title.childNodes);
    title.append(button);
    button.addEventListener("click", () => sort(table, titles, column));
  });
}

function sort(table, titles, column) {
  const title = titles[column];
  const rises = title.ariaSort !== "ascending";
  for (const other of titles) other.removeAttribute("aria-sort");
  title.ariaSort = rises ? "ascending" : "descending";
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [key(row.cells[column]), row]);
  rows.sort(([one], [other]) => compare(one, other, rises));
  body.append(...rows.map(([, row]) => row));
}

// What has no value comes last, however the table is sorted.
function compare(one, other, rises) {
  if (one === null || other === null) return (one === null) - (other === null);
  const order = typeof one === "number" ? one - other : one.localeCompare(other, "en", { numeric: true });
  return rises ? order : -order;
}

function key(cell) {
  if (!cell || "none" in cell.dataset) return null;
  return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent.trim();
}
