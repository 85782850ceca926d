/**
 * The keys of a policy: one table with a row for each, and everything that follows from a row. A
 * value is read, combined over layers, shown and compared as its row says.
 *
 * <p>May use {@code yaml} and {@code model}. Knows no section of a policy by name; what needs code
 * of its own, rules and lists, is read elsewhere and has a row too.
 */
@NullMarked
package dev.tars.runner.policy.keys;

import org.jspecify.annotations.NullMarked;
