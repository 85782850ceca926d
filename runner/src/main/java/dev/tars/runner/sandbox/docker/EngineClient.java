package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The connection to one engine, and what its failures mean. */
final class EngineClient implements AutoCloseable {
  /** Characters of an answer that a message shows; some engines repeat the whole request. */
  static final int MOST_OF_AN_ANSWER = 600;

  static final String DEFAULT_HOST = "unix:///var/run/docker.sock";

  /** No call takes long but those that wait for a container, which have deadlines of their own. */
  private static final Duration CALL = Duration.ofMinutes(2);

  /** The minor version of the engine's interface that all of this was tried with. */
  private static final int TESTED = 41;

  /** From engine 29 on, nothing older is understood. */
  private static final int NEW_ENGINES = 44;

  private static final int MAX_ANSWER = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern ADDRESS =
      Pattern.compile(
          "unix:///[^\\s?#]+|tcp://[A-Za-z0-9._-]+(:[0-9]{1,5})?|tcp://\\[[0-9a-fA-F:]+](:[0-9]{1,5})?");

  private static final DockerHttpClient.Request PING =
      DockerHttpClient.Request.builder()
          .method(DockerHttpClient.Request.Method.GET)
          .path("/_ping")
          .build();

  private final String host;
  private final Duration limit;

  /** Platform threads: the poller of virtual ones holds the end of the process up by 0.3 s. */
  private final ExecutorService calls =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("engine-", 0).factory());

  private @Nullable DockerClient docker;
  private @Nullable DockerHttpClient http;
  private String version = "";
  private String newest = "";

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

  private DefaultDockerClientConfig config(String version) {
    if (!ADDRESS.matcher(host).matches()) {
      throw RunnerException.of(FailureCode.CONFIG_INVALID, "not the address of an engine")
          .at("DOCKER_HOST=" + Escape.line(host))
          .help("write unix:///path/to/docker.sock or tcp://host:port, or unset DOCKER_HOST");
    }
    return DefaultDockerClientConfig.createDefaultConfigBuilder()
        .withDockerHost(host)
        .withApiVersion(version)
        .build();
  }

  /** Speaks the version that was tried, or the engine's nearest, whatever else it has learnt. */
  private DockerClient pinned() {
    DefaultDockerClientConfig config = config("");
    DockerHttpClient to = transport(config);
    try (DockerHttpClient.Response pong = to.execute(PING)) {
      version = header(pong, "Server");
      newest = header(pong, "Api-Version");
    }
    http = to; // closed with the client
    return DockerClientImpl.getInstance(config(spoken(newest)), to);
  }

  private static String header(DockerHttpClient.Response response, String name) {
    List<String> values = response.getHeaders().get(name);
    return values == null || values.isEmpty() ? "" : values.getFirst();
  }

  /** Engines that no longer speak what was tried are new enough for the first of the new ones. */
  static String spoken(String newest) {
    if (!newest.matches("1\\.[0-9]{1,3}")) {
      return "";
    }
    int minor = Integer.parseInt(newest.substring(2));
    return "1." + (minor >= NEW_ENGINES ? NEW_ENGINES : Math.min(minor, TESTED));
  }

  private DockerHttpClient transport(DefaultDockerClientConfig config) {
    URI uri = config.getDockerHost();
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

  /**
   * What the engine answers to a GET, as a tree: to bind a large answer to the library's classes
   * takes longer than the engine does, once a process.
   *
   * @param path for example {@code /info}; the version is put before it
   */
  JsonNode get(String what, String path) {
    return ask(what, () -> fetch(path));
  }

  /** The same as one call without a limit of time; throws what docker-java does. */
  JsonNode fetch(String path) {
    return exchange(DockerHttpClient.Request.Method.GET, path, Optional.empty());
  }

  /** What the engine says of a container; as of the moment, and asked once. */
  JsonNode container(String id) {
    return call("inspect the container", () -> fetch("/containers/" + inPath(id) + "/json"));
  }

  /** A name as a part of a path, in which the slashes and colons of an image stay. */
  static String inPath(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replace("%3A", ":")
        .replace("%40", "@");
  }

  /** Sends a tree and reads one, within the time limit; what fails is told as by {@link #call}. */
  JsonNode post(String what, String path, JsonNode body) {
    return call(
        what, () -> exchange(DockerHttpClient.Request.Method.POST, path, Optional.of(body)));
  }

  private JsonNode exchange(
      DockerHttpClient.Request.Method method, String path, Optional<JsonNode> sent) {
    DockerClient _ = docker(); // finds out which version is spoken
    String version = spoken(newest);
    DockerHttpClient.Request.Builder request =
        DockerHttpClient.Request.builder()
            .method(method)
            .path((version.isEmpty() ? "" : "/v" + version) + path);
    sent.ifPresent(body ->
        request.putHeader("Content-Type", "application/json").bodyBytes(CanonicalJson.bytes(body)));
    try (DockerHttpClient.Response response = connected().execute(request.build())) {
      byte[] body = response.getBody().readNBytes(MAX_ANSWER);
      int status = response.getStatusCode();
      if (status / 100 != 2) {
        String said = new String(body, StandardCharsets.UTF_8);
        throw status == 404 ? new NotFoundException(said) : new DockerException(said, status);
      }
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized DockerHttpClient connected() {
    return Objects.requireNonNull(http, "the version was asked for before");
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
                + Escape.answer(String.valueOf(root(cause).getMessage()), MOST_OF_AN_ANSWER))
        .at(Escape.line(host))
        .cause(cause)
        .help("start it (scripts/provision does), or set DOCKER_HOST; see `tarscli doctor`");
  }

  private RunnerException refused(String what, DockerException e) {
    String message = Escape.answer(String.valueOf(e.getMessage()), MOST_OF_AN_ANSWER);
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
