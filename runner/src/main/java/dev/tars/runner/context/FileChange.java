package dev.tars.runner.context;

import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.workspace.ChangeStats;

/** One path of a change set and how much of it changed. */
@PublicApi
public record FileChange(RelativePath path, FileOperation operation, ChangeStats.Lines lines) {}
