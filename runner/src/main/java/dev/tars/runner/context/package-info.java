/**
 * One run on record: {@link dev.tars.runner.context.ContextRecord} is all that is known of it, with
 * a sealed {@link dev.tars.runner.context.State}; {@link dev.tars.runner.context.ContextCodec} and
 * {@link dev.tars.runner.context.EventCodec} are the only classes that know how it is spelled in
 * JSON; {@link dev.tars.runner.context.Contexts} reads what runs left, as the one who asks is told
 * it.
 *
 * <p>Part of the public API: records are immutable and safe for any thread. Every read throws
 * {@link dev.tars.runner.model.RunnerException} INTEGRITY where what is kept is not what a run
 * writes.
 *
 * <p>May use {@code validation}, {@code workspace}, {@code decisions}, {@code plan}, {@code
 * policy}, {@code store} and {@code model}. Must never run, promote or decide anything.
 */
@NullMarked
package dev.tars.runner.context;

import org.jspecify.annotations.NullMarked;
