/** Stretches of a campaign, on a thread of its own. */
import { createCampaign, type Campaign, type CampaignSpec } from './campaign';
import { runStretch, type Packed, type Stretch } from './chunk';

export interface StretchTask extends Stretch {
  /** Tells campaigns apart. */
  id: string;
  spec: CampaignSpec;
}

let current: { id: string; campaign: Campaign } | undefined;

export default function run({ id, spec, from, to }: StretchTask): Promise<Packed> {
  if (current?.id !== id) current = { id, campaign: createCampaign(spec) };
  return runStretch(current.campaign, { from, to });
}
