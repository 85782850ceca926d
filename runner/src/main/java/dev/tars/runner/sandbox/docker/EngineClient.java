package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
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
import java.util.function.Supplier;

/** The connection to one engine, and what its failures mean. */
final class EngineClient implements AutoCloseable {
  static final String DEFAULT_HOST = "unix:///var/run/docker.sock";

  private final DockerClient docker;
  private final String host;

  private EngineClient(DockerClient docker, String host) {
    this.docker = docker;
    this.host = host;
  }

  /**
   * Prepares a connection; nothing is sent yet.
   *
   * @param dockerHost as in {@code DOCKER_HOST}
   */
  static EngineClient to(Optional<String> dockerHost) {
    String host = dockerHost.filter(h -> !h.isBlank()).orElse(DEFAULT_HOST);
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host).build();
    return new EngineClient(DockerClientImpl.getInstance(config, transport(host, config)), host);
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

  DockerClient docker() {
    return docker;
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

  /** Runs an engine call; turns a lost connection and an engine's refusal into sentences. */
  <T> T call(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (DockerException e) {
      throw refused(what, e);
    } catch (RuntimeException e) {
      throw isConnection(e) ? unreachable(e) : e;
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
    try {
      docker.close();
    } catch (IOException e) {
      // Nothing depends on a connection that is given up.
    }
  }
}
