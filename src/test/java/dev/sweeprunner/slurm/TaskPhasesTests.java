package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.BatchTask.Phase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskPhasesTests {
  @ParameterizedTest
  @CsvSource({
    "PENDING, PENDING",
    "REQUEUED, PENDING",
    "REQUEUE_FED, PENDING",
    "REQUEUE_HOLD, BLOCKED",
    "RESV_DEL_HOLD, BLOCKED",
    "SPECIAL_EXIT, BLOCKED",
    "CONFIGURING, RUNNING",
    "RUNNING, RUNNING",
    "SIGNALING, RUNNING",
    "STAGE_OUT, RUNNING",
    "COMPLETING, RUNNING",
    "A_STATE_OF_TOMORROW, RUNNING",
    "SUSPENDED, SUSPENDED",
    "STOPPED, SUSPENDED",
    "BOOT_FAIL, ENDED",
    "CANCELLED, ENDED",
    "COMPLETED, ENDED",
    "DEADLINE, ENDED",
    "FAILED, ENDED",
    "NODE_FAIL, ENDED",
    "OUT_OF_MEMORY, ENDED",
    "PREEMPTED, ENDED",
    "REVOKED, ENDED",
    "TIMEOUT, ENDED"
  })
  void a_state_is_a_phase(String state, Phase phase) {
    assertThat(TaskPhases.of(state, "")).isEqualTo(phase);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Resources",
        "Priority",
        "BeginTime",
        "JobArrayTaskLimit",
        "Licenses",
        "Cleaning",
        "Prolog",
        "SchedDefer",
        "BurstBufferResources",
        "BurstBufferStageIn",
        "NodeDown",
        "NonZeroExitCode",
        "MaxPoweredUpNodes",
        "MpiPortsBusy",
        "A reason of tomorrow",
        // What 22.05 says of an ordinary wait for a node that others have.
        "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority"
            + " partitions"
      })
  void a_wait_that_ends_by_itself_is_a_wait(String reason) {
    assertThat(TaskPhases.of("PENDING", reason)).isEqualTo(Phase.PENDING);
    assertThat(TaskPhases.held(reason)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "JobHeldAdmin",
        "JobHeldUser",
        "JobHoldMaxRequeue",
        "launch failed requeued held",
        "job requeued in held state",
        "user env retrieval failed requeued held",
        "DependencyNeverSatisfied",
        "BurstBufferOperation"
      })
  void what_somebody_must_release_is_held(String reason) {
    assertThat(TaskPhases.of("PENDING", reason)).isEqualTo(Phase.BLOCKED);
    assertThat(TaskPhases.held(reason)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Dependency",
        "PartitionConfig",
        "PartitionDown",
        "PartitionInactive",
        "PartitionNodeLimit",
        "PartitionTimeLimit",
        "BadConstraints",
        "Constraints",
        "ReqNodeNotAvail",
        "ReqNodeNotAvail, UnavailableNodes:n[1-3]",
        "ReqNodeNotAvail(Unavailable:n1)",
        "ReqNodeNotAvail, Reserved for maintenance",
        "Reservation",
        "ReservationDeleted",
        "ReservationInvalid",
        "InvalidAccount",
        "InvalidQOS",
        "AccountNotAllowed",
        "QOSNotAllowed",
        "AccountingPolicy",
        "AssociationJobLimit",
        "AssocGrpGRES",
        "AssocGrpJobsLimit",
        "AssocMaxJobsLimit",
        "AssocMaxWallDurationPerJobLimit",
        "QOSGrpCPURunMinutesLimit",
        "QOSMaxJobsPerUserLimit",
        "QOSMinGRES",
        "QOSUsageThreshold",
        "MaxGRESPerAccount",
        "MaxCpuRunMinsPerUser",
        "MaxMemPerLimit"
      })
  void what_may_never_come_is_blocked_and_not_held(String reason) {
    assertThat(TaskPhases.of("PENDING", reason)).isEqualTo(Phase.BLOCKED);
    assertThat(TaskPhases.held(reason)).isFalse();
  }
}
