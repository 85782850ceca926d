/**
 * The evidence of a run as files in a directory that a user named, which others may write to as
 * well.
 *
 * <p>Must never open, follow or append to what has a name there already.
 */
@NullMarked
package dev.tars.runner.export;

import org.jspecify.annotations.NullMarked;
