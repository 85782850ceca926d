/**
 * The order of the stages and what each of their ends means; the only package that writes the audit
 * records of a run. {@code Execution} goes to the verdict, {@code Promotions} from there to the
 * workspace.
 *
 * <p>Must never do the work of a stage.
 */
@NullMarked
package dev.tars.runner.run;

import org.jspecify.annotations.NullMarked;
