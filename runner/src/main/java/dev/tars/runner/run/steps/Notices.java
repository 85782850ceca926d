package dev.tars.runner.run.steps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.policy.Channel;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.store.DiskException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Sends notifications: one JSON line at the end of the channel's file. Nothing leaves the host, and
 * nothing is sent in a dry run.
 */
public final class Notices {
  private final Workbench bench;
  private final RunContext context;
  private final Map<String, Channel> channels;
  private final boolean dryRun;

  public Notices(
      Workbench bench, RunContext context, Map<String, Channel> channels, boolean dryRun) {
    this.bench = bench;
    this.context = context;
    this.channels = Map.copyOf(channels);
    this.dryRun = dryRun;
  }

  /**
   * Sends the notifications of a plan whose steps came to their end; of a change that is empty
   * nobody hears.
   *
   * @throws RunnerException if one cannot be sent whose failure ends the plan
   */
  public void send(List<Step> steps, boolean empty) {
    for (Step step : steps) {
      if (empty) {
        context.note("nothing changed: the notification of step " + step.id() + " is not sent");
      } else if (step.action() instanceof StepAction.Notify notify) {
        send(step.id(), notify, step.onFailure() == Step.OnFailure.CONTINUE);
      }
    }
  }

  /** Sends one; a failure that may be is a note. */
  void send(String step, StepAction.Notify notify, boolean mayFail) {
    try {
      send(step, notify);
    } catch (RunnerException e) {
      if (!mayFail) {
        throw e;
      }
      context.note(String.valueOf(e.getMessage()));
    }
  }

  void send(String step, StepAction.Notify notify) {
    Channel channel = channels.get(notify.channel());
    if (channel == null) {
      throw RunnerException.of(
              FailureCode.PLAN_INVALID,
              "the policy defines no channel " + Escape.line(notify.channel()))
          .help("ask the owner of the policy");
    }
    if (dryRun) {
      context.note("dry run: the notification of step " + step + " is not sent");
      return;
    }
    ObjectNode line = CanonicalJson.object().put("schema", "tars.notification/v1");
    line.put("time", bench.clock().instant().toString()).put("context", context.id().text());
    line.put("improvement", context.origin().improvement().id()).put("step", step);
    line.put("channel", channel.name()).put("user", bench.user());
    line.put("message", Escape.line(notify.message()));
    try (OutputStream out = bench.layout().appendTo(channel.file())) {
      out.write(Bytes.utf8(line + "\n").toArray()); // in one write: lines never mix
    } catch (IOException | DiskException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED, "the notification of step " + step + " cannot be written")
          .at(Escape.line(bench.layout().root().resolve(channel.file()).toString()))
          .cause(e)
          .help("make the file writable, or remove it");
    }
    context.note("step " + step + " notified the channel " + channel.name());
  }
}
