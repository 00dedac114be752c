package io.cardea.core.imports;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Codex command line: {@code ~/.codex/auth.json}, or in {@code CODEX_HOME}. The file does not say when the access
 * token ends, the token itself does; who logged in is a claim of the ID token.
 */
final class Codex implements ForeignProgram {

    private static final String LOGIN = "tokens";

    @Override
    public String title() {
        return "Codex";
    }

    @Override
    public String provider() {
        return "codex";
    }

    @Override
    public List<Path> files(Environment environment) {
        return List.of(environment.folder("CODEX_HOME", ".codex").resolve("auth.json"));
    }

    @Override
    public String whereElse() {
        return "Where its configuration says cli_auth_credentials_store = \"keyring\", it keeps its login there";
    }

    @Override
    public ForeignLogin read(LoginFile file) {
        String accessToken = file.token(LOGIN, "access_token");
        Optional<String> idToken = file.optionalToken(LOGIN, "id_token");
        UnverifiedClaims access = UnverifiedClaims.of(accessToken);
        UnverifiedClaims person = idToken.map(UnverifiedClaims::of).orElse(UnverifiedClaims.NONE);
        Map<String, String> attributes = new HashMap<>();
        file.text(LOGIN, "account_id")
                .or(() -> person.text("https://api.openai.com/auth", "chatgpt_account_id"))
                .ifPresent(account -> attributes.put("account_id", account));
        Credential credential = new Credential(
                accessToken,
                "Bearer",
                access.expiresAt(),
                file.optionalToken(LOGIN, "refresh_token"),
                idToken,
                List.of(),
                attributes);
        return new ForeignLogin(
                credential,
                new Profile(
                        person.text("sub"),
                        person.text("email").or(() -> person.text("name")),
                        person.text("email"),
                        person.text("https://api.openai.com/auth", "chatgpt_plan_type")));
    }

    @Override
    public String warning() {
        return TwoPrograms.rotating(title());
    }
}
