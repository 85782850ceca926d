/**
 * Strict YAML for files that people write: bounds, positions, and every problem in one pass.
 *
 * <p>May use {@code model}. Must never build an object that the file names, nor guess what an
 * ambiguous value means.
 */
@NullMarked
package dev.tars.runner.yaml;

import org.jspecify.annotations.NullMarked;
