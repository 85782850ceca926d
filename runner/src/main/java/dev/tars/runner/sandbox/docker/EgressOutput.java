package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.net.NetworkVote;
import dev.tars.runner.sandbox.NetworkUse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The lines that a gateway or a proxy prints, read with bounds. They come from our own program, but
 * hold names that a box chose.
 */
final class EgressOutput extends ResultCallback.Adapter<Frame> {
  private static final int LONGEST_LINE = 64 << 10;
  private static final int MOST_DECISIONS = 2000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String who;
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final Map<Integer, NetworkUse> uses = new TreeMap<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private String crossed = "it ended before it said what was asked for to the last";

  EgressOutput(String who) {
    this.who = who;
  }

  @Override
  public synchronized void onNext(Frame frame) {
    byte[] bytes = frame.getPayload();
    if (bytes == null) {
      return;
    }
    if (frame.getStreamType() == StreamType.STDERR) {
      errors.write(bytes, 0, Math.min(bytes.length, Math.max(0, 4096 - errors.size())));
      return;
    }
    for (byte b : bytes) {
      if (b == '\n') {
        read(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else if (line.size() < LONGEST_LINE) {
        line.write(b);
      }
    }
  }

  @Override
  public void onError(Throwable error) {
    ready.completeExceptionally(error);
    super.onComplete();
  }

  @Override
  public void onComplete() {
    ready.completeExceptionally(new IOException("it ended before it was ready"));
    super.onComplete();
  }

  private void read(String text) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (IOException e) {
      return; // no line of ours is like that; what is missing shows in what follows
    }
    switch (node.path("type").asText()) {
      case "ready" -> ready.complete("");
      case "open" -> ready.complete(Escape.line(node.path("problem").asText("unknown")));
      case "end" -> crossed = Escape.line(node.path("crossed").asText());
      case "decision" -> {
        int number = node.path("number").asInt(-1);
        if (number >= 0 && number < MOST_DECISIONS) {
          uses.put(number, use(node));
        }
      }
      default -> {}
    }
  }

  private static NetworkUse use(JsonNode node) {
    List<String> addresses = new ArrayList<>();
    node.path("addresses").forEach(a -> addresses.add(a.asText()));
    NetworkVote vote =
        new NetworkVote(
            node.path("rule").asText(),
            node.path("layer").asText(),
            new SourcePosition(
                node.path("file").asText(), node.path("line").asInt(), node.path("column").asInt()),
            node.path("effect").asText().equals("allow"),
            node.path("reason").asText(),
            node.path("fix").asText());
    return new NetworkUse(
        node.path("host").asText(),
        node.path("port").asInt(),
        Optional.of(node.path("method").asText()).filter(m -> !m.isEmpty()),
        vote,
        node.path("count").asLong(),
        node.path("up").asLong(),
        node.path("down").asLong(),
        addresses);
  }

  void awaitAttached() {
    try {
      if (!awaitStarted(30, TimeUnit.SECONDS)) {
        throw failed("the engine did not let us attach to it");
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Waits until the program says that it is ready; throws what else it says. */
  void awaitReady(long seconds) {
    try {
      String problem = ready.get(seconds, TimeUnit.SECONDS);
      if (!problem.isEmpty()) {
        throw failed(problem);
      }
    } catch (TimeoutException e) {
      throw failed("it was not ready within " + seconds + " s");
    } catch (ExecutionException e) {
      throw failed(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Waits for the end of the stream. */
  void awaitEnd(long seconds) {
    try {
      boolean _ = awaitCompletion(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  synchronized List<NetworkUse> uses() {
    return List.copyOf(uses.values());
  }

  /** The cap that ended traffic, that it ended too early, or the empty string. */
  synchronized String crossed() {
    return crossed;
  }

  private synchronized RunnerException failed(String why) {
    RunnerException.Builder error =
        RunnerException.of(
            FailureCode.ENGINE_UNSUITABLE,
            "the network that the policy allows could not be opened: " + who + ": " + why);
    Escape.block(errors.toString(StandardCharsets.UTF_8)).lines().limit(5).forEach(error::note);
    return error
        .note("nothing ran with it, and no other way is tried")
        .help("see `tarscli doctor`, or take network.allow out of the policy");
  }

  private static RunnerException interrupted() {
    Thread.currentThread().interrupt();
    return new RunnerException(
        FailureCode.INTERRUPTED, "interrupted while a network was opened or closed", "run again");
  }
}
