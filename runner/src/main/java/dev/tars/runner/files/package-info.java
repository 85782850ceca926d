/**
 * Reads files that a repository supplies. Uses values of {@code model} alone; never follows a link,
 * never opens anything but a regular file, never reads more than it is told.
 */
@NullMarked
package dev.tars.runner.files;

import org.jspecify.annotations.NullMarked;
