/**
 * The evidence of a context as one signed file that other machines read.
 *
 * <p>Must never give out a byte that the signed statement does not name.
 */
@NullMarked
package dev.tars.runner.bundle;

import org.jspecify.annotations.NullMarked;
