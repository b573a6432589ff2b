package study

// File is the file in a study's folder that tells that it is one.
const File = "study.yaml"

// VerdictFile is the result of a study in its folder.
const VerdictFile = "verdict.json"

// TableFile is the same for people.
const TableFile = "table.txt"

// FindingsFile is the page about all studies in their folder.
const FindingsFile = "findings.md"
