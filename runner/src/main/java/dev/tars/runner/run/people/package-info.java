/**
 * Who must agree to a change, and who did, by the audit log alone. The decision itself is made in
 * {@code review}.
 *
 * <p>Must never count what a file beside the audit log says.
 */
@NullMarked
package dev.tars.runner.run.people;

import org.jspecify.annotations.NullMarked;
