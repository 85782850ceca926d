/**
 * The append-only, hash-chained log of a workspace, which is also the write-ahead log of its
 * transactions, and its verification.
 *
 * <p>May use {@code store} and {@code model}. Must never change or drop a record once it is
 * durable.
 */
@NullMarked
package dev.tars.runner.audit;

import org.jspecify.annotations.NullMarked;
