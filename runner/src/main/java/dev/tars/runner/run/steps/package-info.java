/**
 * The steps of a plan: whether it may run at all, and what each step does to the layer, in a box or
 * to its files.
 *
 * <p>Must never write to the workspace, nor let a text of a plan become part of a command line.
 */
@NullMarked
package dev.tars.runner.run.steps;

import org.jspecify.annotations.NullMarked;
