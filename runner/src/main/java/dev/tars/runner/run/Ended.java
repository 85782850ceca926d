package dev.tars.runner.run;

import dev.tars.runner.context.RunContext;
import dev.tars.runner.model.RunnerException;
import java.util.Optional;

/** What a call led to: the context, and the error that ended it, if one did. */
public record Ended(RunContext context, Optional<RunnerException> error) {}
