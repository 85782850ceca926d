package dev.tars.egress;

/** What the boxes of one phase may still use, and what they asked for. */
record Account(Budget budget, Ledger ledger) {}
