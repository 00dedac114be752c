package io.cardea.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes an answer. */
interface Written {
    void to(HttpServletResponse response) throws IOException;
}
