package dev.sweeprunner.wandb.api;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.GraphQl.Question;
import dev.sweeprunner.wandb.api.GraphQl.Reply;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts files of a run where the server says. */
final class Uploads {
  private final Transport transport;
  private final GraphQl graphQl;
  private final Retries retries;

  Uploads(Transport transport, GraphQl graphQl, Retries retries) {
    this.transport = transport;
    this.graphQl = graphQl;
    this.retries = retries;
  }

  /** Puts files of a run, each as it is opened for each try. */
  void upload(RunPath run, Map<String, Transport.Body> files) throws WandbFailure {
    if (files.isEmpty()) {
      return;
    }
    Map<String, Object> variables =
        Map.of(
            "entity", run.entity(),
            "project", run.project(),
            "run", run.runId(),
            "files", List.copyOf(files.keySet()));
    String what = "a place for files of " + WandbClient.name(run);
    Places places =
        graphQl.ask(
            Question.of(Documents.RUN_FILES, variables, what), reply -> places(reply, files));
    for (Map.Entry<String, URI> place : places.addresses().entrySet()) {
      Transport.Body body = files.get(place.getKey());
      if (body != null) {
        put(place.getKey(), place.getValue(), places.headers(), body);
      }
    }
  }

  /** Puts one file where the server says. */
  void put(String name, URI address, Map<String, String> headers, Transport.Body content)
      throws WandbFailure {
    // No authorization: the address itself is the permission, and it may lie with a third party.
    retries.call(
        Channel.UPLOAD,
        unanswered ->
            transport.send(
                new Call(Channel.UPLOAD, address, "taking the file " + name, null),
                "PUT",
                "application/octet-stream",
                content,
                headers));
  }

  /** An address in an answer; it may be relative to the server's. */
  URI address(String told) throws UnreadableJson {
    try {
      return transport.address("/").resolve(told);
    } catch (IllegalArgumentException e) {
      throw new UnreadableJson("an upload address that cannot be read");
    }
  }

  /** What an answer says is to be sent along, each text split at its first colon. */
  static Map<String, String> headers(List<String> told) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header : told) {
      int colon = header.indexOf(':');
      if (colon > 0) {
        headers.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private Places places(Reply reply, Map<String, Transport.Body> files) throws UnreadableJson {
    Fields answer = reply.data().object("createRunFiles");
    Map<String, URI> addresses = new LinkedHashMap<>();
    for (Fields file : answer.objects("files")) {
      String name = file.text("name");
      if (!files.containsKey(name)) {
        throw new UnreadableJson("a file that was not asked for, " + name);
      }
      addresses.put(name, address(file.text("uploadUrl")));
    }
    if (addresses.size() < files.size()) {
      throw new UnreadableJson("no upload address for some of the files");
    }
    return new Places(addresses, headers(answer.texts("uploadHeaders")));
  }

  /** Where files go, and what is sent along. */
  private record Places(Map<String, URI> addresses, Map<String, String> headers) {}
}
