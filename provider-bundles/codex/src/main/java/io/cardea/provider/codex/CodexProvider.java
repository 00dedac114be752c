package io.cardea.provider.codex;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** OpenAI Codex with a ChatGPT account. Who that is and what it has subscribed to is told by the ID token. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.codex")
public final class CodexProvider extends StandardProvider {

    private static final String AUTH = "/https:~1~1api.openai.com~1auth/";
    private static final String PROFILE = "/https:~1~1api.openai.com~1profile/";

    @Activate
    public CodexProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("codex")
                .displayName("OpenAI Codex")
                .description("Codex with a ChatGPT account")
                .issuer("https://auth.openai.com")
                .authorizationEndpoint("{issuer}/oauth/authorize")
                .tokenEndpoint("{issuer}/oauth/token")
                .revocationEndpoint("{issuer}/oauth/revoke")
                .set("jwks_uri", "{issuer}/.well-known/jwks.json")
                .set("redirect_uri", "http://localhost:1455/auth/callback")
                .clientAuth("none")
                .scope("openid profile email offline_access")
                .set("authorization_parameter.id_token_add_organizations", "true")
                .set("authorization_parameter.codex_cli_simplified_flow", "true")
                .set("token_field.error", "/error/code")
                .set(
                        "token_error.invalid_grant",
                        "refresh_token_expired refresh_token_invalidated refresh_token_reused token_expired")
                .configure(configuration)
                .build());
    }

    /** A refresh repeats the scopes, which other servers need not be told (RFC 6749, section 6). */
    @Override
    protected void refreshParameters(Credential credential, Map<String, String> parameters) {
        List<String> granted = credential.scopes().isEmpty() ? definition().scopes() : credential.scopes();
        parameters.putIfAbsent("scope", String.join(" ", granted));
    }

    /** OpenAI's API wants to be told the account by its identifier. */
    @Override
    protected Credential credential(JsonObject answer, Instant now) {
        Credential credential = super.credential(answer, now);
        return credential
                .idTokenClaims()
                .flatMap(claims -> claims.text(AUTH + "chatgpt_account_id"))
                .map(account -> credential.withAttributes(Map.of("account_id", account)))
                .orElse(credential);
    }

    @Override
    public CompletionStage<Profile> profile(Credential credential, ProviderContext context) {
        return completedFuture(
                credential.idTokenClaims().map(CodexProvider::person).orElse(Profile.UNKNOWN));
    }

    private static Profile person(JsonObject claims) {
        Optional<String> email = claims.text("email").or(() -> claims.text(PROFILE + "email"));
        return new Profile(
                claims.text("sub"),
                email.or(() -> claims.text("name")),
                email,
                claims.text(AUTH + "chatgpt_plan_type"));
    }

    /** As in RFC 7009, section 2.1, but for the body, which is JSON. */
    @Override
    public CompletionStage<Void> revoke(Credential credential, ProviderContext context) {
        URI endpoint = definition().metadata().revocationEndpoint().orElseThrow();
        Map<String, String> body = Map.of(
                "client_id", definition().clientId().orElse(""),
                "token", credential.refreshToken().orElse(credential.accessToken()),
                "token_type_hint", credential.refreshToken().isPresent() ? "refresh_token" : "access_token");
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JsonObject.write(body)))
                .build();
        return context.send(request).thenAccept(response -> success(response, context));
    }
}
