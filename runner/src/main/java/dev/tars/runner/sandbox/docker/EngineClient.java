package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The connection to one engine, and what its failures mean. */
final class EngineClient implements AutoCloseable {
  static final String DEFAULT_HOST = "unix:///var/run/docker.sock";

  /** No call takes long but those that wait for a container, which have deadlines of their own. */
  private static final Duration CALL = Duration.ofMinutes(2);

  /** The newest version of the engine's interface that all of this was tried with. */
  private static final String TESTED = "1.41";

  private final String host;
  private final Duration limit;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable DockerClient docker;
  private String version = "";

  private EngineClient(String host, Duration limit) {
    this.host = host;
    this.limit = limit;
  }

  /**
   * Prepares a connection; nothing is sent yet.
   *
   * @param dockerHost as in {@code DOCKER_HOST}
   */
  static EngineClient to(Optional<String> dockerHost) {
    return to(dockerHost, CALL);
  }

  static EngineClient to(Optional<String> dockerHost, Duration limit) {
    return new EngineClient(dockerHost.filter(h -> !h.isBlank()).orElse(DEFAULT_HOST), limit);
  }

  private DockerClient connect(String version) {
    try {
      DefaultDockerClientConfig config =
          DefaultDockerClientConfig.createDefaultConfigBuilder()
              .withDockerHost(host)
              .withApiVersion(version)
              .build();
      return DockerClientImpl.getInstance(config, transport(host, config));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw RunnerException.of(
              FailureCode.CONFIG_INVALID,
              "not the address of an engine: " + Escape.line(String.valueOf(e.getMessage())))
          .at("DOCKER_HOST=" + Escape.line(host))
          .cause(e)
          .help("write unix:///path/to/docker.sock or tcp://host:port, or unset DOCKER_HOST");
    }
  }

  /** Speaks the version that was tried, or the engine's nearest, whatever else it has learnt. */
  private DockerClient pinned() {
    DockerClient plain = connect("");
    Version found = plain.versionCmd().exec();
    version = String.valueOf(found.getVersion());
    String newest = String.valueOf(found.getApiVersion());
    String oldest = String.valueOf(found.getMinAPIVersion());
    String spoken = isBefore(newest, TESTED) ? newest : isBefore(TESTED, oldest) ? oldest : TESTED;
    return connect(spoken);
  }

  private static boolean isBefore(String a, String b) {
    RemoteApiVersion left = RemoteApiVersion.parseConfigWithDefault(a);
    return !left.equals(RemoteApiVersion.UNKNOWN_VERSION)
        && !left.isGreaterOrEqual(RemoteApiVersion.parseConfigWithDefault(b));
  }

  private static DockerHttpClient transport(String host, DefaultDockerClientConfig config) {
    URI uri = URI.create(host);
    if ("unix".equals(uri.getScheme())) {
      return new UnixSocketTransport(Path.of(uri.getPath()));
    }
    return new ZerodepDockerHttpClient.Builder()
        .dockerHost(uri)
        .sslConfig(config.getSSLConfig())
        .build();
  }

  /** The client; the first use asks the engine for its version. */
  synchronized DockerClient docker() {
    DockerClient client = docker;
    if (client == null) {
      client = pinned();
      docker = client;
    }
    return client;
  }

  /** The engine's own version; empty before the first call. */
  String version() {
    return version;
  }

  String host() {
    return host;
  }

  /**
   * Runs a call that changes nothing, and tries it again with a growing pause where the connection
   * fails: an engine that is just starting answers a moment later. The guard is made only then.
   */
  <T> T ask(String what, Supplier<T> call) {
    try {
      return call(what, call);
    } catch (RunnerException e) {
      if (e.code() != FailureCode.ENGINE_UNREACHABLE) {
        throw e;
      }
      return Retry.of(what, again()).executeSupplier(() -> call(what, call));
    }
  }

  /**
   * Runs an engine call within the time limit; turns a lost connection, an engine that hangs and an
   * engine's refusal into sentences.
   */
  <T> T call(String what, Supplier<T> call) {
    try {
      return limited(what, call);
    } catch (DockerException e) {
      throw refused(what, e);
    } catch (RunnerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw isConnection(e) ? unreachable(e) : e;
    }
  }

  /** Runs an engine call within the time limit; throws what docker-java does. */
  <T> T limited(String what, Supplier<T> call) {
    Future<T> answer = calls.submit(call::get);
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      boolean _ = answer.cancel(true); // closes the connection
      throw unreachable(
          new IOException("it did not " + what + " within " + limit.toMillis() + " ms"));
    } catch (InterruptedException e) {
      boolean _ = answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new RunnerException(
          FailureCode.INTERRUPTED, "interrupted while the engine worked", "run again");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  void run(String what, Runnable call) {
    Object _ =
        call(
            what,
            () -> {
              call.run();
              return Boolean.TRUE;
            });
  }

  private static RetryConfig again() {
    return RetryConfig.custom()
        .maxAttempts(2)
        .intervalFunction(IntervalFunction.ofExponentialBackoff(Duration.ofMillis(200), 2))
        .retryOnException(EngineClient::isUnreachable)
        .build();
  }

  private static boolean isUnreachable(Throwable e) {
    return e instanceof RunnerException r && r.code() == FailureCode.ENGINE_UNREACHABLE;
  }

  static boolean isConnection(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof IOException || t instanceof UncheckedIOException) {
        return true;
      }
    }
    return false;
  }

  RunnerException unreachable(Throwable cause) {
    return RunnerException.of(
            FailureCode.ENGINE_UNREACHABLE,
            "the Docker engine does not answer: "
                + Escape.line(String.valueOf(root(cause).getMessage())))
        .at(Escape.line(host))
        .cause(cause)
        .help("start it (scripts/provision does), or set DOCKER_HOST; see `tarscli doctor`");
  }

  private RunnerException refused(String what, DockerException e) {
    String message = Escape.line(String.valueOf(e.getMessage())).strip();
    boolean full = message.contains("no space left on device");
    return RunnerException.of(
            full ? FailureCode.DISK_FULL : FailureCode.ENGINE_UNSUITABLE,
            "the engine refused to " + what + ": " + message)
        .at(Escape.line(host))
        .cause(e)
        .help(
            full
                ? "free space where the engine keeps its data, then run again"
                : "see `tarscli doctor` for what the engine cannot do");
  }

  private static Throwable root(Throwable e) {
    Throwable t = e;
    while (t.getCause() != null) {
      t = t.getCause();
    }
    return t;
  }

  @Override
  public void close() {
    calls.shutdownNow();
    DockerClient client = docker;
    if (client != null) {
      try {
        client.close();
      } catch (IOException e) {
        // Nothing depends on a connection that is given up.
      }
    }
  }
}
