/**
 * Brings the record of a context up to the audit log where the process that should have written it
 * is gone: what the log proves has happened, the record must say.
 *
 * <p>Must never change a file of the workspace, and never a record whose process is alive.
 */
@NullMarked
package dev.tars.runner.reconcile;

import org.jspecify.annotations.NullMarked;
