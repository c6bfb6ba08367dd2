package dev.sweeprunner.wandb.api;

/**
 * The GraphQL documents, each asking for no more than is read: a server that is older than a field
 * refuses the whole document.
 */
final class Documents {
  static final Document VIEWER =
      new Document("Viewer", "query Viewer { viewer { entity username defaultEntity { name } } }");

  static final Document ENTITY =
      new Document("Entity", "query Entity($name: String!) { entity(name: $name) { name } }");

  static final Document RUNS =
      new Document(
          "Runs",
          """
          query Runs($entity: String, $project: String!, $filters: JSONString, $first: Int, \
          $after: String) {
            project(name: $project, entityName: $entity) {
              runCount(filters: $filters)
              runs(filters: $filters, first: $first, after: $after) {
                edges { node { name state heartbeatAt config(keys: ["sweep_runner"]) \
          summaryMetrics(keys: ["iter", "%s"]) } }
                pageInfo { endCursor hasNextPage } } } }
          """
              .formatted(String.join("\", \"", RunState.METRICS)));

  static final Document FINISHED =
      new Document(
          "FinishedRuns",
          """
          query FinishedRuns($entity: String, $project: String!, $filters: JSONString, \
          $first: Int, $after: String, $keys: [String!]) {
            project(name: $project, entityName: $entity) {
              runs(filters: $filters, first: $first, after: $after, order: "+created_at") {
                edges { node { name state config(keys: $keys) summaryMetrics(keys: ["iter"]) } }
                pageInfo { endCursor hasNextPage } } } }
          """);

  static final Document RUN =
      new Document(
          "RunResumeStatus",
          """
          query RunResumeStatus($entity: String, $project: String, $name: String!) {
            model(name: $project, entityName: $entity) {
              bucket(name: $name, missingOk: true) {
                id name state heartbeatAt stopped config summaryMetrics
                historyLineCount eventsLineCount logLineCount } } }
          """);

  static final Document UPSERT =
      new Document(
          "UpsertBucket",
          """
          mutation UpsertBucket($id: String, $name: String, $project: String, $entity: String, \
          $groupName: String, $displayName: String, $notes: String, $jobType: String, $commit: String, \
          $repo: String, $config: JSONString, $host: String, $program: String, $tags: [String!]) {
            upsertBucket(input: {id: $id, name: $name, modelName: $project, entityName: $entity, \
          groupName: $groupName, displayName: $displayName, notes: $notes, commit: $commit, \
          jobType: $jobType, jobRepo: $repo, config: $config, host: $host, jobProgram: $program, \
          tags: $tags}) {
              bucket { id name project { name entity { name } } }
              inserted } }
          """);

  static final Document RUN_FILES =
      new Document(
          "CreateRunFiles",
          """
          mutation CreateRunFiles($entity: String!, $project: String!, $run: String!, \
          $files: [String!]!) {
            createRunFiles(input: {entityName: $entity, projectName: $project, runName: $run, \
          files: $files}) {
              uploadHeaders
              files { name uploadUrl } } }
          """);

  static final Document HISTORY =
      new Document(
          "RunHistory",
          """
          query RunHistory($entity: String, $project: String, $name: String!, $from: Int64, \
          $to: Int64, $samples: Int) {
            project(name: $project, entityName: $entity) {
              run(name: $name) {
                historyLineCount historyTail
                history(minStep: $from, maxStep: $to, samples: $samples) } } }
          """);

  static final Document CREATE_ARTIFACT =
      new Document(
          "CreateArtifact",
          """
          mutation CreateArtifact($input: CreateArtifactInput!) {
            createArtifact(input: $input) {
              artifact { id state artifactSequence { latestArtifact { id } } } } }
          """);

  static final Document ARTIFACT_MANIFEST =
      new Document(
          "CreateArtifactManifest",
          """
          mutation CreateArtifactManifest($artifactID: ID!, $baseArtifactID: ID, $name: String!, \
          $digest: String!, $entityName: String!, $projectName: String!, $runName: String!, \
          $manifestType: ArtifactManifestType!, $includeUpload: Boolean!) {
            createArtifactManifest(input: {artifactID: $artifactID, \
          baseArtifactID: $baseArtifactID, name: $name, digest: $digest, entityName: $entityName, \
          projectName: $projectName, runName: $runName, type: $manifestType}) {
              artifactManifest { id file {
                id uploadUrl @include(if: $includeUpload)
                uploadHeaders @include(if: $includeUpload) } } } }
          """);

  static final Document ARTIFACT_FILES =
      new Document(
          "CreateArtifactFiles",
          """
          mutation CreateArtifactFiles($input: CreateArtifactFilesInput!) {
            createArtifactFiles(input: $input) {
              files { edges { node { uploadUrl uploadHeaders artifact { id } } } } } }
          """);

  static final Document COMMIT_ARTIFACT =
      new Document(
          "CommitArtifact",
          """
          mutation CommitArtifact($artifactID: ID!) {
            commitArtifact(input: {artifactID: $artifactID}) { artifact { id } } }
          """);

  static final Document LINK_ARTIFACT =
      new Document(
          "LinkArtifact",
          """
          mutation LinkArtifact($input: LinkArtifactInput!) {
            linkArtifact(input: $input) { versionIndex } }
          """);

  static final Document ALERT =
      new Document(
          "NotifyScriptableRunAlert",
          """
          mutation NotifyScriptableRunAlert($entityName: String!, $projectName: String!, \
          $runName: String!, $title: String!, $text: String!, $severity: AlertSeverity = INFO, \
          $waitDuration: Duration) {
            notifyScriptableRunAlert(input: {entityName: $entityName, projectName: $projectName, \
          runName: $runName, title: $title, text: $text, severity: $severity, \
          waitDuration: $waitDuration}) { success } }
          """);

  static final Document DESCRIBED =
      new Document(
          "RunDescription",
          """
          query RunDescription($entity: String, $project: String, $name: String!) {
            project(name: $project, entityName: $entity) {
              run(name: $name) { notes tags files(first: 100) { edges { node { name } } } } } }
          """);

  private Documents() {}

  /**
   * A document.
   *
   * @param operation its one operation
   * @param text the document
   */
  record Document(String operation, String text) {}
}
