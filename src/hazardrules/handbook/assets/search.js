/* Looks through window.handbookIndex: rows of [sort, address, title, statement, numbers, text, until]. */
"use strict";

(() => {
  const MOST = 60;
  const FEW = 10;
  const index = window.handbookIndex || [];
  const box = document.getElementById("_results");
  const input = document.getElementById("_q");
  const list = box.querySelector("ol");
  const status = document.querySelector("[role=status]");

  // Full and half width, upper and lower case are one; every character stays in its place.
  const fold = (text) => text.replace(/[^\u3400-\u9fffa-z0-9]/g, (sign) => {
    const folded = sign.normalize("NFKC").toLowerCase();
    return folded.length === sign.length ? folded : sign;
  });

  // 十一 → 11, so that 第十一条第（六）项, 11条6项 and 十一条六项 are one.
  const digits = { "〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9 };
  const arabic = (text) => text.replace(/[〇零一二三四五六七八九十百]+/g, (word) => {
    let sum = 0, digit = 0, seen = false;
    for (const sign of word) {
      if (sign === "百" || sign === "十") {
        sum += (seen ? digit : 1) * (sign === "百" ? 100 : 10);
        digit = 0;
        seen = false;
      } else {
        digit = seen ? digit * 10 + digits[sign] : digits[sign];
        seen = true;
      }
    }
    return String(sum + digit);
  });
  const number = (text) => arabic(fold(text)).replace(/[\s第()[\]〔〕《》“”]/g, "");

  const rows = index.map(([sort, address, title, statement, numbers, text, until]) => ({
    sort, address, title, statement, text, until,
    head: fold(`${title} ${statement}`),
    body: fold(text),
    numbers: numbers.split(" ").map(number),
  }));

  // A number counts only whole: 4条 is not in 14条, 11条6 not in 11条61.
  const numbered = (key, term) => {
    for (let at = key.indexOf(term); at >= 0; at = key.indexOf(term, at + 1)) {
      const before = key[at - 1] || "", after = key[at + term.length] || "";
      const digit = /[0-9]/;
      if (!(digit.test(before) && digit.test(term[0])) && !(digit.test(after) && digit.test(term.at(-1)))) {
        return at + term.length === key.length ? 2 : 1;
      }
    }
    return 0;
  };

  const NUMBERED = 1000; // more than any words weigh
  const weigh = (row, term) => {
    const figure = number(term);
    if (figure && /[0-9]/.test(figure)) {
      const best = Math.max(0, ...row.numbers.map((key) => numbered(key, figure)));
      if (best) return best * NUMBERED;
    }
    const word = fold(term);
    if (row.head.includes(word)) return row.sort === "clause" ? 60 : 50;
    return row.body.includes(word) ? 10 : 0;
  };

  const exact = (terms) => rows.flatMap((row) => {
    let weight = 0;
    for (const term of terms) {
      const one = weigh(row, term);
      if (!one) return [];
      weight += one;
    }
    return [{ row, weight }];
  });

  // Words run together in Chinese: where nothing has them all, what shares the most pairs of characters comes near.
  const near = (query) => {
    const text = fold(query).replace(/\s+/g, "");
    const pairs = [...new Set([...text].slice(1).map((sign, at) => [...text][at] + sign))];
    if (!pairs.length) return [];
    return rows.flatMap((row) => {
      const hits = pairs.filter((pair) => row.head.includes(pair)).length * 2
        + pairs.filter((pair) => row.body.includes(pair)).length;
      return hits >= pairs.length ? [{ row, weight: hits }] : [];
    });
  };

  const marked = (text, terms) => {
    const out = document.createDocumentFragment();
    const low = fold(text);
    let at = 0;
    while (at < text.length) {
      const next = terms.map((term) => [low.indexOf(term, at), term.length]).filter(([from]) => from >= 0)
        .sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
      if (!next) break;
      out.append(text.slice(at, next[0]));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(next[0], next[0] + next[1]);
      out.append(mark);
      at = next[0] + next[1];
    }
    out.append(text.slice(at));
    return out;
  };

  const excerpt = (text, terms) => {
    const low = fold(text);
    const found = terms.map((term) => low.indexOf(term)).filter((at) => at >= 0);
    if (!found.length) return "";
    const from = Math.max(0, Math.min(...found) - 20);
    return `${from ? "…" : ""}${text.slice(from, from + 90)}${text.length > from + 90 ? "…" : ""}`;
  };

  const element = (name, kind, content) => {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    made.append(content);
    if (document.documentElement.lang === "en" && /[\u3400-\u9fff]/.test(made.textContent)) made.lang = "zh-CN";
    return made;
  };

  const shown = (row, terms) => {
    const item = document.createElement("li");
    const link = element("a", "", marked(row.title, terms));
    link.href = row.address;
    item.append(link, " ", element("span", "sort", box.dataset[row.sort] + (row.until && ` · ${row.until}`)));
    if (row.statement) item.append(element("p", "", marked(row.statement, terms)));
    const more = terms.every((term) => row.head.includes(term)) ? "" : excerpt(row.text, terms);
    if (more) item.append(element("p", "aside", marked(more, terms)));
    return item;
  };

  // What was asked for by its number comes first, and what is out of force after what is not.
  const standing = ({ row, weight }) => (weight >= NUMBERED ? 2 : 0) + (row.until ? 0 : 1);

  const ordered = (found) => // stable: the order of the documents otherwise
    found.sort((a, b) => standing(b) - standing(a) || b.weight - a.weight);

  const search = () => {
    const query = input.value.trim();
    document.getElementById("_all").hidden = Boolean(query);
    box.hidden = !query;
    list.replaceChildren();
    status.textContent = "";
    if (!query) return;
    const terms = query.split(/\s+/);
    let found = ordered(exact(terms)), say = "found";
    if (!found.length) {
      found = ordered(near(query));
      say = "near";
    } else if (!found.some(standing)) { // all of it out of force, and not asked for by number
      const beside = ordered(near(query)).filter(({ row }) => !row.until).slice(0, FEW);
      if (beside.length) say = "old";
      found = [...beside, ...found];
    }
    const told = found.slice(0, MOST);
    list.append(...told.map(({ row }) => shown(row, terms.map(fold))));
    if (!found.length) say = "none";
    else if (say === "found" && found.length > MOST) say = "first";
    status.textContent = box.dataset[say].replace("{0}", found.length).replace("{1}", MOST);
  };

  const remember = () => {
    const query = input.value.trim();
    try {
      history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    } catch { /* a browser that keeps addresses of files as they are */ }
  };

  let waiting = 0;
  const answer = () => {
    clearTimeout(waiting);
    search();
    remember();
  };
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer();
  });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(answer, 120);
  });

  input.value = new URLSearchParams(location.search).get("q") || "";
  search();
  if (!input.value) input.focus({ preventScroll: true });
})();
