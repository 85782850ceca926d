/**
 * The only code that writes to a workspace: apply an approved change set, roll back, recover.
 *
 * <p>May use {@code review}, {@code audit}, {@code store}, {@code workspace} and {@code model}.
 * Must never touch a path that its transaction does not name, nor displace a byte that is not in
 * the store first.
 */
@NullMarked
package dev.tars.runner.promotion;

import org.jspecify.annotations.NullMarked;
