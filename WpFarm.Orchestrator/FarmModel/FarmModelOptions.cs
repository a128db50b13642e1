using System.ComponentModel.DataAnnotations;

namespace WpFarm.Orchestrator.FarmModel;

/// <summary>Section <c>Farm</c>.</summary>
internal sealed class FarmModelOptions
{
    /// <summary>The farm.json that this farm was built from.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>Upstream images (<c>traefik:v3.5.4</c>) that could not be had; their services do not run.</summary>
    public IList<string> MissingImages { get; } = [];
}
