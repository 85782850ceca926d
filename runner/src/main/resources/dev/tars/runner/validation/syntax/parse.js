// Reads names of files from stdin, one a line, and prints for each "ok" or the line of the first
// error with its message. Nothing of a file is run: a script is only compiled.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");
const readline = require("readline");

const attempts = [
  (text) => new vm.Script(text, { filename: "file" }),
  (text) => vm.compileFunction(text, ["exports", "require", "module"], { filename: "file" }),
  (text) => new vm.SourceTextModule(text, { identifier: "file" }),
];

function check(text) {
  let last;
  for (const attempt of attempts) {
    try {
      attempt(text);
      return "ok\t";
    } catch (e) {
      const line = /^file:(\d+)/.exec(String(e.stack));
      const found = { line: line ? Number(line[1]) : 0, message: String(e.message) };
      // Of two errors the later one got further into the file.
      if (last === undefined || found.line > last.line) last = found;
    }
  }
  return last.line + "\t" + last.message.replace(/[\r\n\t]/g, " ");
}

readline.createInterface({ input: process.stdin }).on("line", (name) => {
  const text = fs.readFileSync(path.join(__dirname, name), "utf8").replace(/^\uFEFF/, "");
  process.stdout.write(check(text.replace(/^#!.*/, "")) + "\n");
});
