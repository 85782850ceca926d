package dev.tars.runner.review;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.review.ApprovalTerms.Demand;
import dev.tars.runner.review.ApprovalTerms.GateOverride;
import dev.tars.runner.review.ReviewDecision.Approved;
import dev.tars.runner.review.ReviewDecision.NeedsApproval;
import dev.tars.runner.review.ReviewDecision.Rejected;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReviewTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final ContextId CONTEXT = new ContextId("CTX-4");
  private static final Digest CHANGE = digest("change");
  private static final Digest POLICY = digest("policy");
  private static final String IMAGE = "sha256:image";

  private static final List<Demand> NAMED =
      List.of(new Demand("test-changes", 1, Set.of("tess"), List.of("team:tests")));

  private static final List<GateOverride> OVERRIDES =
      List.of(new GateOverride("size", Set.of("lea"), List.of("team:leads"), true));

  private Verdict.Result result = Verdict.Result.PASSED;
  private List<Finding> findings = List.of();
  private List<String> asks = List.of();
  private List<String> plan = List.of();
  private Set<Digest> used = Set.of();
  private List<GateResult> gates = List.of();
  private ReviewCase.People people = new ReviewCase.People("runner", Set.of());
  private ApprovalTerms terms = terms(false, 1, true, List.of());

  @Test
  void oneApprovalIsEnoughWhereOneIsNeeded() {
    assertThat(decide(by("ann"))).isEqualTo(new Approved(CHANGE, POLICY, IMAGE, List.of("ann")));
  }

  @Test
  void withoutAnApprovalOneIsMissing() {
    NeedsApproval needs = needs(decide());
    assertThat(needs.needed()).isEqualTo(1);
    assertThat(needs.given()).isZero();
    assertThat(needs.reasons()).containsExactly("the policy does not approve by itself");
  }

  @Test
  void thePolicyApprovesByItselfOnlyWhatNothingSpeaksAgainst() {
    terms = terms(true, 0, true, List.of());
    assertThat(decide()).isEqualTo(new Approved(CHANGE, POLICY, IMAGE, List.of("policy")));
    result = Verdict.Result.UNVERIFIED;
    assertThat(needs(decide()).reasons()).contains("no gate has proven the change");
    result = Verdict.Result.PASSED;
    findings = List.of(new Finding("handoff.ci", Severity.REVIEW, ".github/x", 0, "runs"));
    assertThat(needs(decide()).needed()).isEqualTo(1);
    findings = List.of(new Finding("content.binary", Severity.INFO, "a.png", 0, "image"));
    assertThat(decide()).isInstanceOf(Approved.class);
    asks = List.of("");
    assertThat(decide()).isInstanceOf(NeedsApproval.class);
    asks = List.of();
    plan = List.of("");
    assertThat(decide()).isInstanceOf(NeedsApproval.class);
  }

  @Test
  void whatFailedOrIsUnknownCannotBeApproved() {
    for (Verdict.Result bad : List.of(Verdict.Result.FAILED, Verdict.Result.UNKNOWN)) {
      result = bad;
      assertThat(decide(by("ann"))).isInstanceOf(Rejected.class);
    }
  }

  @Test
  void aRejectionWinsOverAnyApproval() {
    Approval no = approval("bob", CONTEXT, CHANGE, POLICY, IMAGE, NOW, Approval.Verb.REJECT);
    assertThat(decide(by("ann"), no)).isInstanceOf(Rejected.class);
  }

  @Test
  void anApprovalOfAnythingElseIsNoneOfThis() {
    assertOnlyTheExactOneCounts(
        approval("ann", new ContextId("CTX-5"), CHANGE, POLICY, IMAGE, NOW, Approval.Verb.APPROVE),
        approval("ann", CONTEXT, digest("other"), POLICY, IMAGE, NOW, Approval.Verb.APPROVE),
        approval("ann", CONTEXT, CHANGE, digest("older"), IMAGE, NOW, Approval.Verb.APPROVE),
        approval("ann", CONTEXT, CHANGE, POLICY, "sha256:x", NOW, Approval.Verb.APPROVE),
        approval("ann", CONTEXT, CHANGE, POLICY, IMAGE, NOW.plusSeconds(1), Approval.Verb.APPROVE));
  }

  private void assertOnlyTheExactOneCounts(Approval... others) {
    for (Approval other : others) {
      assertThat(decide(other)).isInstanceOf(NeedsApproval.class);
    }
    assertThat(decide(by("ann"))).isInstanceOf(Approved.class);
  }

  @Test
  void anApprovalIsUsedOnce() {
    used = Set.of(by("ann").id());
    assertThat(decide(by("ann"))).isInstanceOf(NeedsApproval.class);
  }

  @Test
  void anExpiredApprovalDoesNotCountAndSaysSo() {
    Approval old =
        approval(
            "ann", CONTEXT, CHANGE, POLICY, IMAGE, NOW.minusSeconds(86400), Approval.Verb.APPROVE);
    assertThat(needs(decide(old)).reasons())
        .anySatisfy(r -> assertThat(r).contains("ann").contains("expired"));
  }

  @Test
  void whoRanItMayNotApproveWhereThePolicySaysSo() {
    terms = terms(false, 1, false, List.of());
    assertThat(needs(decide(by("runner"))).reasons())
        .anySatisfy(r -> assertThat(r).contains("another person"));
    assertThat(decide(by("ann"))).isInstanceOf(Approved.class);
  }

  @Test
  void aProgramIsNoPerson() {
    assertThat(needs(decide(by("ci-bot"))).reasons())
        .anySatisfy(r -> assertThat(r).contains("not a program"));
  }

  @Test
  void onePersonHasOneVoice() {
    terms = terms(false, 2, true, List.of());
    NeedsApproval needs = needs(decide(by("ann"), by("ann")));
    assertThat(needs.needed()).isEqualTo(2);
    assertThat(needs.given()).isEqualTo(1);
    assertThat(needs.expiresAt()).contains(NOW.plus(Duration.ofHours(24)));
    assertThat(decide(by("ann"), by("bob")))
        .isEqualTo(new Approved(CHANGE, POLICY, IMAGE, List.of("ann", "bob")));
  }

  @Test
  void everyRuleThatHoldsMustBeMetByItsOwnPeople() {
    terms =
        terms(
            false,
            1,
            true,
            List.of(
                new Demand("build", 1, Set.of("bea"), List.of("bea")),
                new Demand("large", 2, Set.of(), List.of())));
    assertThat(needs(decide(by("ann"), by("bob"))).needed()).isEqualTo(3);
    assertThat(decide(by("ann"), by("bea"))).isInstanceOf(Approved.class);
  }

  @Test
  void aRuleThatAPathOrThePlanCallsForIsMetByItsOwnPeople() {
    assertThat(decide(by("ann"))).isInstanceOf(Approved.class);
    asks = List.of("test-changes");
    assertThat(needs(decide(by("ann"))).needed()).isEqualTo(2);
    assertThat(decide(by("ann"), by("tess"))).isInstanceOf(Approved.class);
    asks = List.of();
    plan = List.of("test-changes");
    assertThat(decide(by("ann"))).isInstanceOf(NeedsApproval.class);
    assertThat(decide(by("tess"))).isInstanceOf(Approved.class);
  }

  @Test
  void aRuleThatNoPolicyDefinesIsMetByNobody() {
    asks = List.of("typo");
    NeedsApproval needs = needs(decide(by("ann"), by("bob"), by("tess")));
    assertThat(needs.needed()).isGreaterThan(needs.given());
    assertThat(needs.reasons()).anySatisfy(r -> assertThat(r).contains("no approval rule typo"));
  }

  @Test
  void zeroApproversWithoutAutomaticApprovalIsStillOne() {
    terms = terms(false, 0, true, List.of());
    assertThat(decide()).isInstanceOf(NeedsApproval.class);
  }

  @Test
  void aFailedGateIsOverriddenOnlyByWhoMayAndOnlyWithAReason() {
    result = Verdict.Result.FAILED;
    gates = List.of(gate("unit", GateResult.Result.PASSED), gate("size", GateResult.Result.FAILED));
    assertThat(decide(override("lea", "wide but safe", "size"))).isInstanceOf(Approved.class);
    for (Approval no :
        List.of(
            by("lea"),
            override("lea", " ", "size"),
            override("ann", "because", "size"),
            override("lea", "because", "unit"))) {
      NeedsApproval needs = needs(decide(no));
      assertThat(needs.needs())
          .anySatisfy(n -> {
            assertThat(n.rule()).isEqualTo("override size");
            assertThat(n.from()).containsExactly("team:leads");
            assertThat(n.missing()).isEqualTo(1);
          });
    }
  }

  @Test
  void anOverrideNeverReachesBeyondTheOneGateItNames() {
    result = Verdict.Result.FAILED;
    Approval all = override("lea", "because", "size", "unit");
    gates = List.of(gate("size", GateResult.Result.FAILED), gate("unit", GateResult.Result.FAILED));
    assertThat(decide(all)).isInstanceOf(Rejected.class);
    gates =
        List.of(gate("size", GateResult.Result.FAILED), gate("unit", GateResult.Result.SKIPPED));
    assertThat(decide(all)).isInstanceOf(Rejected.class);
    gates = List.of(gate("size", GateResult.Result.FAILED));
    findings = List.of(new Finding("link.outside", Severity.REJECT, "a", 0, "leads out"));
    assertThat(decide(all)).isInstanceOf(Rejected.class);
    findings = List.of();
    assertThat(decide(all)).isInstanceOf(Approved.class);
  }

  @Test
  void aPolicyThatApprovesByItselfNeverOverrides() {
    terms = terms(true, 0, true, List.of());
    result = Verdict.Result.FAILED;
    gates = List.of(gate("size", GateResult.Result.FAILED));
    assertThat(decide()).isInstanceOf(NeedsApproval.class);
    result = Verdict.Result.PASSED;
    assertThat(decide()).isInstanceOf(Approved.class);
  }

  @Test
  void whoTheChangeComesFromDoesNotApproveItWhereThePolicyWantsAnother() {
    people = new ReviewCase.People("runner", Set.of("dev"));
    assertThat(decide(by("dev"))).isInstanceOf(Approved.class);
    terms = terms(false, 1, false, List.of());
    assertThat(decide(by("dev"))).isInstanceOf(NeedsApproval.class);
    assertThat(decide(by("ann"))).isInstanceOf(Approved.class);
  }

  @Test
  void everyRuleSaysWhomItNeedsWhoGaveItAndWhatIsMissing() {
    terms =
        terms(
            false, 1, true, List.of(new Demand("build", 1, Set.of("bea"), List.of("team:build"))));
    assertThat(needs(decide(by("ann"))).needs())
        .containsExactly(
            new ReviewDecision.Need("build", 1, List.of("team:build"), List.of(), 1),
            new ReviewDecision.Need("", 1, List.of(), List.of("ann"), 0));
  }

  private static GateResult gate(String id, GateResult.Result result) {
    return new GateResult(
        id,
        result,
        result == GateResult.Result.FAILED
            ? Optional.of(FailureCode.GATE_FAILED)
            : Optional.empty(),
        Duration.ZERO,
        Optional.empty(),
        "",
        "");
  }

  private static Approval override(String who, String reason, String... gates) {
    return new Approval(
        who, CONTEXT, CHANGE, POLICY, IMAGE, NOW, Approval.Verb.APPROVE, reason, List.of(gates));
  }

  @Test
  void anApprovalSurvivesItsJson() {
    Approval override = override("lea", "why", "size");
    assertThat(Approval.read(override.json())).isEqualTo(override);
    assertThat(Approval.read(by("ann").json())).isEqualTo(by("ann"));
  }

  private ReviewDecision decide(Approval... approvals) {
    Verdict verdict = new Verdict(result, CHANGE, gates, findings, asks);
    return Review.decide(
        new ReviewCase(CONTEXT, verdict, POLICY, IMAGE, people, plan, List.of(approvals), used),
        terms,
        NOW);
  }

  private static NeedsApproval needs(ReviewDecision decision) {
    assertThat(decision).isInstanceOf(NeedsApproval.class);
    return (NeedsApproval) decision;
  }

  private static Approval by(String approver) {
    return approval(approver, CONTEXT, CHANGE, POLICY, IMAGE, NOW, Approval.Verb.APPROVE);
  }

  private static Approval approval(
      String approver,
      ContextId context,
      Digest change,
      Digest policy,
      String image,
      Instant at,
      Approval.Verb verb) {
    return new Approval(approver, context, change, policy, image, at, verb, "", List.of());
  }

  private static ApprovalTerms terms(boolean auto, int count, boolean self, List<Demand> demands) {
    return new ApprovalTerms(
        auto,
        count,
        self,
        Set.of("ci-bot"),
        false,
        Duration.ofHours(24),
        demands,
        NAMED,
        OVERRIDES,
        List.of());
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(UTF_8));
  }
}
