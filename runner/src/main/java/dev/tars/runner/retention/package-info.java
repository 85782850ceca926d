/**
 * What is kept and for how long, and the removal of what dead runs left.
 *
 * <p>Must never remove what a transaction that can be rolled back needs.
 */
@NullMarked
package dev.tars.runner.retention;

import org.jspecify.annotations.NullMarked;
