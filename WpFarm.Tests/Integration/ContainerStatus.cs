using System.Globalization;

namespace WpFarm.Tests.Integration;

/// <summary>What the kernel says of a process's privileges: <c>/proc/PID/status</c>, proc(5).</summary>
/// <param name="Bounding">The capabilities that it and all its descendants can have at most: a bit for each.</param>
internal sealed record ContainerStatus(bool NoNewPrivileges, ulong Effective, ulong Bounding)
{
    /// <summary>Numbers of the capabilities that some service has, capability.h.</summary>
    private static readonly Dictionary<string, int> s_numbers = new()
    {
        ["CHOWN"] = 0,
        ["DAC_OVERRIDE"] = 1,
        ["DAC_READ_SEARCH"] = 2,
        ["FOWNER"] = 3,
        ["FSETID"] = 4,
        ["KILL"] = 5,
        ["SETGID"] = 6,
        ["SETUID"] = 7,
    };

    public static ContainerStatus Parse(string status)
    {
        var fields = status
            .Split('\n')
            .Select(line => line.Split(":\t", 2))
            .Where(field => field.Length == 2)
            .ToDictionary(f => f[0], f => f[1]);
        return new(fields["NoNewPrivs"].Trim() == "1", Mask(fields["CapEff"]), Mask(fields["CapBnd"]));
    }

    /// <summary>The capabilities of a service as the kernel writes them.</summary>
    public static ulong MaskOf(IEnumerable<string> capabilities) =>
        capabilities.Aggregate(0UL, (mask, capability) => mask | (1UL << s_numbers[capability]));

    private static ulong Mask(string hexadecimal) => ulong.Parse(hexadecimal.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
