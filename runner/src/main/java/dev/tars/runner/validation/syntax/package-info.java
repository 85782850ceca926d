/**
 * The syntax of changed files in languages whose parsers are native or large: what is given to a
 * box, and what its answer is worth.
 *
 * <p>May use {@code validation.checks}, {@code workspace}, {@code policy} and {@code model}. Must
 * never parse source code itself, and never believe what a box prints further than to add a
 * finding.
 */
@NullMarked
package dev.tars.runner.validation.syntax;

import org.jspecify.annotations.NullMarked;
