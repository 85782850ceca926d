package dev.tars.runner.validation;

import dev.tars.runner.model.Digest;
import dev.tars.runner.validation.checks.Contents;
import dev.tars.runner.workspace.ChangeSet;

/**
 * What is to be judged, and by what.
 *
 * @param digest of the change set; the verdict is bound to it
 * @param linesAdded lines of text files
 * @param runGates false if the gates are switched off, which the verdict says
 */
public record ValidationRequest(
    ChangeSet changeSet,
    Digest digest,
    long linesAdded,
    long linesRemoved,
    Contents contents,
    ValidationRules rules,
    boolean runGates) {}
