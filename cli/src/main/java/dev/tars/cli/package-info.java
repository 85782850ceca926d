/**
 * The command line: each command parses, calls one method of the runner, and renders the answer.
 *
 * <p>Results go to standard output, progress and notes to standard error. Must never decide
 * anything, and must never print text from outside unescaped.
 */
@NullMarked
package dev.tars.cli;

import org.jspecify.annotations.NullMarked;
