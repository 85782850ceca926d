/**
 * Reads files that a repository supplies, without following a link, and files that a person names.
 * Uses values of {@code model} alone; never opens anything but a regular file, or a pipe for as
 * long as it is told; never reads more than it is told.
 */
@NullMarked
package dev.tars.runner.files;

import org.jspecify.annotations.NullMarked;
