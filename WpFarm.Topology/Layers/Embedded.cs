namespace WpFarm.Topology.Layers;

/// <summary>Reads the configuration files beside the layers' source files, which are embedded in the assembly.</summary>
internal static class Embedded
{
    /// <param name="path">Below <c>Layers/</c>, for example <c>Caching/default.vcl</c>.</param>
    /// <param name="values">
    /// Values for the file's placeholders <c>{{name}}</c>. A placeholder without a value, or a value without one, is an error.
    /// </param>
    public static string Text(string path, params IReadOnlyList<(string Name, string Value)> values)
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream("Layers/" + path)
            ?? throw new InvalidOperationException($"No file Layers/{path} is embedded.");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        foreach (var (name, value) in values)
        {
            var token = "{{" + name + "}}";
            if (!text.Contains(token, StringComparison.Ordinal))
                throw new InvalidOperationException($"Layers/{path} has no {token}.");
            text = text.Replace(token, value, StringComparison.Ordinal);
        }

        var left = text.IndexOf("{{", StringComparison.Ordinal);
        return left < 0 || values.Count == 0
            ? text
            : throw new InvalidOperationException($"Layers/{path}: {text.AsSpan(left, Math.Min(40, text.Length - left))} has no value.");
    }
}
