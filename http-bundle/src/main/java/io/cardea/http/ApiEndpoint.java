package io.cardea.http;

import io.cardea.http.Failure.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The door that programs come through: an API key first, then a small JSON object of texts. */
final class ApiEndpoint implements Endpoint {

    /** What is done with an accepted request. */
    interface Action {
        /** Does it to what the path names, a provider or a flow. */
        CompletableFuture<Written> run(String name, Map<String, String> members);
    }

    private final ApiKeyCheck check;
    private final UnaryOperator<String> providerOf;
    private final RequestBody body;
    private final Set<String> members;
    private final Action action;

    /** An endpoint whose path names a provider; {@code members} are the names that the JSON object may have. */
    ApiEndpoint(ApiKeyCheck check, RequestBody body, Set<String> members, Action action) {
        this(check, UnaryOperator.identity(), body, members, action);
    }

    /** @param providerOf the provider of what the path names; empty where there is none */
    ApiEndpoint(
            ApiKeyCheck check, UnaryOperator<String> providerOf, RequestBody body, Set<String> members, Action action) {
        this.check = check;
        this.providerOf = providerOf;
        this.body = body;
        this.members = members;
        this.action = action;
    }

    @Override
    public CompletableFuture<Written> answer(String name, HttpServletRequest request) {
        check.require(request, providerOf.apply(name));
        if (!Answer.mayBeUnread(request)) {
            return action.run(name, Map.of());
        }
        if (!RequestBody.isOfType(request, "application/json")) {
            throw new Refused(415, "invalid_request", "The body must be application/json");
        }
        return body.read(request).thenCompose(bytes -> action.run(name, JsonBody.parse(bytes, members)));
    }
}
