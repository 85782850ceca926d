package dev.tars.runner.validation.checks;

/** Looks at one changed path. */
@FunctionalInterface
interface FileCheck {
  void check(ChangedFile file, Findings findings);
}
