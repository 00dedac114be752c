package io.cardea.core.imports;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Claude Code: {@code ~/.claude/.credentials.json}, or in {@code CLAUDE_CONFIG_DIR}. It does not say whose login it is. */
final class ClaudeCode implements ForeignProgram {

    private static final String LOGIN = "claudeAiOauth";

    @Override
    public String title() {
        return "Claude Code";
    }

    @Override
    public String provider() {
        return "claude-api";
    }

    @Override
    public List<Path> files(Environment environment) {
        return List.of(environment.folder("CLAUDE_CONFIG_DIR", ".claude").resolve(".credentials.json"));
    }

    @Override
    public String whereElse() {
        return "On macOS it keeps its login in the keychain, as \"Claude Code-credentials\": save that in a file of your own";
    }

    @Override
    public ForeignLogin read(LoginFile file) {
        Map<String, String> attributes = new HashMap<>();
        file.text(LOGIN, "subscriptionType").ifPresent(type -> attributes.put("subscription_type", type));
        // Epoch milliseconds.
        var expiresAt = file.number(LOGIN, "expiresAt");
        Credential credential = new Credential(
                file.token(LOGIN, "accessToken"),
                "Bearer",
                expiresAt.isPresent() ? Optional.of(Instant.ofEpochMilli(expiresAt.getAsLong())) : Optional.empty(),
                file.optionalToken(LOGIN, "refreshToken"),
                Optional.empty(),
                file.texts(LOGIN, "scopes"),
                attributes);
        return new ForeignLogin(credential, Profile.UNKNOWN);
    }

    @Override
    public String warning() {
        return TwoPrograms.rotating(title());
    }
}
