package dev.tars.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.admin.PolicyTools;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditVerification;
import dev.tars.runner.bundle.BundleWriter;
import dev.tars.runner.bundle.Dsse;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.Telling;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.export.Export;
import dev.tars.runner.export.HostFolder;
import dev.tars.runner.export.Reports;
import dev.tars.runner.files.NamedFile;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Improvements;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.promotion.Backups;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.promotion.Recovery;
import dev.tars.runner.promotion.StoreCheck;
import dev.tars.runner.reconcile.Reconciler;
import dev.tars.runner.report.RunHistory;
import dev.tars.runner.retention.Collected;
import dev.tars.runner.retention.Collector;
import dev.tars.runner.retention.Leftovers;
import dev.tars.runner.retention.RetentionLimits;
import dev.tars.runner.review.Approval;
import dev.tars.runner.run.Ended;
import dev.tars.runner.run.Execution;
import dev.tars.runner.run.Exports;
import dev.tars.runner.run.ImportedRun;
import dev.tars.runner.run.Reviews;
import dev.tars.runner.run.RollbackReport;
import dev.tars.runner.run.Rollbacks;
import dev.tars.runner.run.RunOptions;
import dev.tars.runner.run.bench.Caches;
import dev.tars.runner.run.bench.Doctor;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.run.people.Answers;
import dev.tars.runner.run.steps.PlanDecisions;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import dev.tars.runner.workspace.Baselines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs improvements on one workspace with one state directory. Wires everything by hand.
 *
 * <p>For one thread at a time. Whoever opens it closes it; that ends the connection to the engine,
 * and what it returned stays usable. Methods throw {@link RunnerException}, whose code is stable.
 * {@code docs/embedding.md} says which other types a program may use.
 */
public final class SandboxRunner implements AutoCloseable {
  private static final int MAX_ANCHOR = 1 << 20;
  private static final Duration RECOVERY_WAIT = Duration.ofSeconds(10);

  private final Workbench bench;
  private final Lazy<Sandbox> sandbox;
  private final Optional<Path> place;

  private SandboxRunner(Workbench bench, Lazy<Sandbox> sandbox, Optional<Path> place) {
    this.bench = bench;
    this.sandbox = sandbox;
    this.place = place;
  }

  /**
   * Opens state directory and workspace; the engine is not asked for anything yet.
   *
   * @throws RunnerException NOT_FOUND, CONFIG_INVALID
   */
  @PublicApi
  public static SandboxRunner open(RunnerSettings settings) {
    return open(settings, Ports.of(settings));
  }

  /** The same on other ports. */
  public static SandboxRunner open(RunnerSettings settings, Ports ports) {
    settings.requireApart();
    SandboxRunner runner = anywhere(settings, ports);
    WorkspaceDir _ = runner.bench.workspaceDir();
    return runner;
  }

  /**
   * For commands that need no workspace: nothing is opened before it is used. What does need a
   * workspace then throws as {@link #open(RunnerSettings)} does.
   */
  public static SandboxRunner anywhere(RunnerSettings settings) {
    return anywhere(settings, Ports.of(settings));
  }

  static SandboxRunner anywhere(RunnerSettings settings, Ports ports) {
    Lazy<StoreLayout> layout =
        new Lazy<>(() -> StoreLayout.open(ports.disk(), settings.stateDir()));
    Lazy<WorkspaceDir> place =
        new Lazy<>(() -> {
          settings.requireApart();
          return layout.get().workspace(settings.workspace());
        });
    Lazy<Sandbox> sandbox = new Lazy<>(() -> ports.sandbox().apply(layout.get()));
    Workbench bench =
        new Workbench(
            layout,
            place,
            new Lazy<>(() -> AuditLog.open(layout.get(), place.get(), ports.clock())),
            sandbox,
            new Lazy<>(() -> new Baselines(layout.get())),
            new PolicyLoader(settings.policies()),
            ports.user(),
            ports.clock());
    return new SandboxRunner(bench, sandbox, settings.place());
  }

  /** Loads an improvement without running it. */
  public Plan plan(String id, Optional<Path> file) {
    Improvements improvements = new Improvements(bench.workspace());
    return file.map(f -> improvements.plan(f, id)).orElseGet(() -> improvements.plan(id));
  }

  /** Loads an improvement file, whatever its id. */
  public Plan plan(Path file) {
    return place
        .map(workspace -> new Improvements(workspace).plan(file))
        .orElseGet(() -> Improvements.outside(file));
  }

  /** The policy that a run would have. */
  public EffectivePolicy policy(Optional<String> option) {
    return bench.policies().load(option);
  }

  /**
   * Asks whether a box gets a path of the workspace: the policy's rules for reading, and then
   * whether the path is scratch in the workspace as it is now, if there is one.
   */
  public Decision read(EffectivePolicy policy, RelativePath path) {
    Decision decision = policy.read(path);
    boolean scratch =
        !decision.denied()
            && place.isPresent()
            && Baselines.isScratch(bench.layout().disk(), place.get(), policy, path);
    return scratch ? new Decider(policy).notCopied(path) : decision;
  }

  /** What the policy says to a plan; nothing runs. */
  public List<DecisionRecord> check(Plan plan, EffectivePolicy policy) {
    return PlanDecisions.of(plan, policy, this::exists);
  }

  /** True if the workspace has something at a path, links not followed. */
  public boolean exists(RelativePath path) {
    return path.bytes().isUtf8()
        && place.isPresent()
        && Files.exists(place.get().resolve(path.bytes().lossyText()), LinkOption.NOFOLLOW_LINKS);
  }

  /** The tools for policies; no state directory is made or opened before one asks for contexts. */
  public static PolicyTools policyTools(RunnerSettings settings) {
    return new PolicyTools(
        settings.policies(),
        new Lazy<>(() -> {
          Ports ports = Ports.of(settings);
          return new Contexts(StoreLayout.open(ports.disk(), settings.stateDir()))
              .toldTo(ports.user());
        }));
  }

  /**
   * Runs an improvement up to where it ends or waits for people. Returns when no container of it is
   * left. A run that fails once it has a context comes back with its error.
   *
   * @param listener is called on this thread
   * @param cancellation may be interrupted from another thread
   * @throws RunnerException NOT_FOUND, PLAN_INVALID, POLICY_INVALID, IN_DOUBT and others of what
   *     goes wrong before there is a context
   */
  @PublicApi
  public RunResult execute(
      RunRequest request, RunContext.EventListener listener, Cancellation cancellation) {
    Plan plan = plan(request.improvementId(), request.plan());
    EffectivePolicy policy = bench.policies().load(request.options().policy());
    sandbox.get().expect(policy.image());
    if (!request.options().dryRun()) {
      requireSettled();
    }
    sweep();
    Telling telling = Telling.of(policy, bench.user());
    try {
      Ended ended =
          new Execution(bench, request.options(), cancellation)
              .run(plan, policy, telling.to(listener));
      collectOnceADay(policy);
      return result(ended, telling);
    } catch (RunnerException e) {
      throw telling.tell(e);
    }
  }

  /** So that the store stays bounded where nobody ever collects by hand; never a reason to fail. */
  private void collectOnceADay(EffectivePolicy policy) {
    try {
      if (bench.layout().isDue("collection", Duration.ofDays(1), bench.clock().instant())) {
        new Collector(bench, RetentionLimits.of(policy.retention())).collect(false);
      }
    } catch (RunnerException | DiskException e) {
      // `tarscli gc` says what is wrong
    }
  }

  /**
   * Signs the evidence of a context for another machine, and writes it to a file that the user
   * named; what had the name is replaced.
   *
   * @return the name of the key that signed it
   * @throws RunnerException NOT_FOUND, INTEGRITY, USAGE, IO_FAILED
   */
  @PublicApi
  public String exportBundle(String contextId, Path file) {
    HostFolder folder = HostFolder.of(file, forbidden());
    BundleWriter.Ready ready = new Exports(bench).sign(settled(contextId));
    folder.writeNamed(file, ready::to);
    return Dsse.keyId(publicKey());
  }

  /** The public key that signs bundles and checkpoints here, as X.509 has it. */
  @PublicApi
  public Bytes publicKey() {
    return bench.audit().get().publicKey();
  }

  /** Makes a context of a bundle and follows its verdict; see {@link ImportedRun}. */
  @PublicApi
  public RunResult importBundle(
      Path file, RunOptions options, RunContext.EventListener listener, Cancellation cancellation) {
    EffectivePolicy policy = bench.policies().load(options.policy());
    if (!options.dryRun()) {
      requireSettled();
    }
    sweep();
    Telling telling = Telling.of(policy, bench.user());
    try {
      Ended ended =
          new ImportedRun(bench, options, cancellation).run(file, policy, telling.to(listener));
      collectOnceADay(policy);
      return result(ended, telling);
    } catch (RunnerException e) {
      throw telling.tell(e);
    }
  }

  /**
   * Records the answer of the operating system user of this process and follows it, up to the
   * promotion.
   *
   * @throws RunnerException NOT_FOUND, USAGE if the context awaits no answer
   */
  @PublicApi
  public RunResult review(ReviewRequest request, RunContext.EventListener listener) {
    requireSettled();
    ContextDir dir = settled(request.contextId());
    Telling telling = contexts().telling(dir);
    return result(
        new Reviews(bench).review(dir, request.answer(), request.lockWait(), telling.to(listener)),
        telling);
  }

  private static RunResult result(Ended ended, Telling telling) {
    int exit =
        ended
            .error()
            .map(e -> e.code().exitCode())
            .orElseGet(() -> ended.context().record().exitCode());
    return new RunResult(
        telling.tell(ended.context().record()), exit, ended.error().map(telling::tell));
  }

  /**
   * Rolls back, or previews.
   *
   * @throws RunnerException NOT_FOUND, DRIFT, IN_DOUBT; but for IN_DOUBT nothing was changed
   */
  @PublicApi
  public RollbackReport rollback(RollbackCall call) {
    var dir = contexts().dir(call.contextId());
    Rollbacks rollbacks = new Rollbacks(bench);
    Rollbacks.Call which =
        new Rollbacks.Call(call.transactionIds(), call.filePath(), call.force(), call.lockWait());
    if (call.isPreview()) {
      return rollbacks.preview(dir, which);
    }
    requireSettled();
    return rollbacks.rollback(settled(call.contextId()), which);
  }

  /** Finishes or undoes what a crash interrupted; a person's call also settles conflicts. */
  @PublicApi
  public RecoveryReport recover() {
    sweep();
    Recovery.Report report = recovery().recover(RECOVERY_WAIT, true);
    List<String> done = new ArrayList<>(report.done());
    if (bench.audit().get().mend()) {
      done.add("the last record of the audit log was torn, and is cut off");
    }
    done.addAll(reconciler().settle(bench.layout().contexts()));
    return new RecoveryReport(done, report.conflicts().stream().map(PathConflict::line).toList());
  }

  /**
   * A sentence if a transaction is open or conflicted, for commands that only read; none where no
   * workspace is that this state directory knows.
   */
  public Optional<String> banner() {
    return place.flatMap(bench.layout()::known).isPresent() && recovery().isNeeded()
        ? Optional.of("note: a transaction was interrupted; run `tarscli execute recover`")
        : Optional.empty();
  }

  private void requireSettled() {
    Recovery recovery = recovery();
    if (!recovery.isNeeded()) {
      return;
    }
    Recovery.Report report = recovery.recover(RECOVERY_WAIT, false);
    if (!report.conflicts().isEmpty()) {
      RunnerException.Builder error =
          RunnerException.of(
              FailureCode.IN_DOUBT, "an earlier transaction met edits and must be settled first");
      report.conflicts().forEach(c -> error.note(c.line()));
      throw error.help("look at these files, then run `tarscli execute recover`");
    }
  }

  private Recovery recovery() {
    return Recovery.of(bench.layout(), bench.workspaceDir(), bench.audit().get());
  }

  /**
   * Leftovers of dead runs go before anything new is made; without an engine there are none. What
   * such a run is known by goes with them, so its record is put right before.
   */
  private void sweep() {
    List<String> _ = reconciler().settle(bench.layout().running());
    new Leftovers(bench).removeIfAny();
  }

  /** What runs left, as who runs this command is told it. */
  @PublicApi
  public Contexts contexts() {
    return new Contexts(bench.layout()).toldTo(bench.user()).succeededBy(reconciler());
  }

  private Reconciler reconciler() {
    return new Reconciler(bench.layout(), bench.clock());
  }

  /** A context that is about to go on, from where the log proves that it is. */
  private ContextDir settled(String contextId) {
    ContextDir dir = contexts().dir(contextId);
    Optional<String> _ = reconciler().settle(dir);
    return dir;
  }

  public Caches caches() {
    return new Caches(bench);
  }

  /** Gives the records of the workspace's log to {@code each}, oldest first, one at a time. */
  public void auditRecords(Optional<String> contextId, Consumer<ObjectNode> each) {
    Optional<String> id = contextId.map(c -> contexts().dir(c).id().text());
    bench
        .audit()
        .get()
        .forEach(r -> {
          if (id.isEmpty() || r.payload().path("context").asText().equals(id.get())) {
            each.accept(r.json());
          }
        });
  }

  /** Checks the log; an anchor is a checkpoint record, or its payload, that was kept elsewhere. */
  @PublicApi
  public AuditReport verifyAudit(Optional<Path> against) {
    AuditVerification log = bench.audit().get().verify(against.map(SandboxRunner::anchor));
    List<String> missing =
        log.problem().isPresent()
            ? List.of() // what it says of objects cannot be believed
            : new StoreCheck(bench.audit().get(), bench.layout().objects()).missing();
    return new AuditReport(log, missing);
  }

  private static ObjectNode anchor(Path file) {
    try {
      if (new ObjectMapper().readTree(NamedFile.read(file, MAX_ANCHOR))
          instanceof ObjectNode node) {
        return node.get("payload") instanceof ObjectNode payload ? payload : node;
      }
      throw new IOException("not a JSON object");
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              e instanceof NoSuchFileException
                  ? "there is no such file"
                  : e instanceof JsonProcessingException
                      ? "the anchor is not JSON"
                      : "the anchor cannot be read: " + Escape.line(String.valueOf(e.getMessage())))
          .at(Escape.line(file.toString()))
          .cause(e)
          .help("name a file with a checkpoint record of `tarscli audit show --format json`");
    }
  }

  /** What engine, image and state directory are like, each problem with a fix. */
  @PublicApi
  public Doctor.Diagnosis doctor() {
    return new Doctor(bench).examine();
  }

  /** Removes what dead runs left, what nothing needs, and what retention no longer keeps. */
  @PublicApi
  public Collected collectGarbage(boolean dryRun) {
    if (!dryRun && place.flatMap(bench.layout()::known).isPresent()) {
      requireSettled();
      recovery().recover(RECOVERY_WAIT, false); // displaced files that are old enough go too
    }
    RetentionLimits limits =
        RetentionLimits.of(bench.policies().load(Optional.empty()).retention());
    return new Leftovers(bench).collect(dryRun, limits);
  }

  /** Keeps a transaction rollbackable whatever the store holds, or no longer. */
  @PublicApi
  public void pin(String transaction, boolean pinned) {
    Backups backups = new Backups(bench.audit().get(), bench.layout().objects());
    Backups.Backup backup =
        backups.kept().backups().stream()
            .filter(b -> b.id().text().equals(transaction))
            .findFirst()
            .orElseThrow(() ->
                RunnerException.of(
                        FailureCode.NOT_FOUND,
                        "there is no transaction "
                            + Escape.line(transaction)
                            + " that can be rolled back")
                    .help("see them with `tarscli execute status`"));
    backups.pin(backup.id(), pinned);
  }

  /**
   * Makes ready to write patch, report and logs of a context into a directory. Asked before the
   * run: a place that cannot take them must not be found out when the change is promoted already.
   *
   * @param dryRun false for a run that may promote: then no place in the workspace will do
   * @throws RunnerException USAGE, IO_FAILED, DISK_FULL
   */
  public Consumer<String> exportTo(Path directory, boolean dryRun) {
    if (!dryRun) {
      HostFolder.requireOutside(directory, bench.workspace());
    }
    HostFolder folder = HostFolder.make(directory, ownPlaces());
    return contextId -> new Export(contexts(), reports(), directory, folder).write(contextId);
  }

  /** The evidence of a context in one document: html, markdown, json, junit or sarif. */
  @PublicApi
  public String report(String contextId, String type) {
    return reports().write(contextId, type);
  }

  private Reports reports() {
    return new Reports(
        contexts(),
        id -> Answers.of(bench.audit().get(), id).stream().map(SandboxRunner::answer).toList());
  }

  private static RunHistory.Answer answer(Approval said) {
    return new RunHistory.Answer(
        said.approver(),
        said.at(),
        said.verb() == Approval.Verb.APPROVE ? "approved" : "rejected",
        said.comment(),
        said.overrides());
  }

  /**
   * Writes a report of a context to a file that the user named. What had the name is replaced, a
   * link too: somebody else may have put it there.
   */
  @PublicApi
  public void report(String contextId, String type, Path file) {
    HostFolder folder = HostFolder.of(file, forbidden());
    byte[] text = report(contextId, type).getBytes(StandardCharsets.UTF_8);
    folder.writeNamed(file, text);
  }

  private List<Path> forbidden() {
    List<Path> forbidden = new ArrayList<>(ownPlaces());
    // Replaced by a file there, the names of the streams would be gone for everybody.
    List.of("/dev", "/proc", "/sys").forEach(place -> forbidden.add(Path.of(place)));
    return forbidden;
  }

  /** Where nothing but tarscli and git write. */
  private List<Path> ownPlaces() {
    Path workspace = bench.workspace();
    return List.of(bench.layout().root(), workspace.resolve(".git"), workspace.resolve(".tars"));
  }

  @PublicApi
  @Override
  public void close() {
    sandbox.ifMade(Sandbox::close);
  }
}
