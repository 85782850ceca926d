package dev.tars.runner;

import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RunnerException;
import java.util.Optional;

/**
 * What a run or a review led to.
 *
 * @param context its record, as the user of this process is told it
 * @param exitCode the exit status of the command, 0 to 255
 * @param error what went wrong, if something did; the record is whole all the same
 */
@PublicApi
public record RunResult(ContextRecord context, int exitCode, Optional<RunnerException> error) {}
