package dev.tars.runner;

import dev.tars.runner.model.PublicApi;
import dev.tars.runner.run.RunOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One run of an improvement.
 *
 * @param plan the improvement file; empty means {@code .tars/improvements/ID.yaml}
 */
@PublicApi
public record RunRequest(String improvementId, Optional<Path> plan, RunOptions options) {}
